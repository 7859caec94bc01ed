using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

public sealed class EscapingTests
{
    [Theory]
    [InlineData("plain text!", "plain text!")]
    [InlineData("a\r\nb\tc", @"a\r\nb\tc")]
    [InlineData("\u001b[31m", @"\x1b[31m")]
    [InlineData("\0\u007f\u0080", @"\x00\x7f\x80")]
    [InlineData("back\\slash", @"back\\slash")]
    [InlineData("\u202e例", @"\u202e\u4f8b")]
    [InlineData("", "")]
    [Trait("check", "IN-12")]
    public void IN_12_only_printable_ascii_is_shown_as_it_is(string text, string shown) => Assert.Equal(shown, Escaping.Show(text));

    [Fact]
    [Trait("check", "IN-12")]
    public void IN_12_bytes_are_shown_like_text()
    {
        Assert.Equal(@"GET /\r\n\x00\xff", Escaping.Show("GET /\r\n\0"u8) + Escaping.Show([0xFF]));
        Assert.Equal(Escaping.Show(@"a\b"), Escaping.Show(Encoding.ASCII.GetBytes(@"a\b")));
    }

    [Theory]
    [InlineData(100, "a", 100)]
    [InlineData(101, "a", 101)]
    [InlineData(100_000, "a", 101)]
    [InlineData(25, "\0", 100)]
    [InlineData(26, "\0", 101)]
    [InlineData(34, "\u0394", 97)]
    [Trait("check", "IN-12")]
    public void IN_12_what_is_shown_is_cut_at_a_hundred_characters_and_never_inside_an_escape(int count, string piece, int length)
    {
        string text = string.Concat(Enumerable.Repeat(piece, count));
        string shown = Escaping.Show(text);

        Assert.Equal(length, shown.Length);
        Assert.Equal(length is 101 or 97, shown.EndsWith('…'));
    }

    [Theory]
    [InlineData("http://u:p@h/x", "http://***@h/x")]
    [InlineData("//u:p@h", "//***@h")]
    [InlineData("u:p@h", "***@h")]
    [InlineData("http://u:p@q@h", "http://***@h")]
    [InlineData("u:p//q@h", "***@h")]
    [InlineData("http://a:b/c@d?e=f", "http://***@d?***")]
    [InlineData("http://h/x?y", "http://h/x?***")]
    [InlineData("http://h/x#y?z", "http://h/x#***")]
    [InlineData("/x#access_token=y", "/x#***")]
    [InlineData("mailto:a@b.c?subject=d", "mailto:***@b.c?***")]
    [InlineData("http://h/x", "http://h/x")]
    [Trait("check", "IN-13")]
    public void IN_13_a_broken_url_is_shown_without_its_secrets(string text, string shown) => Assert.Equal(shown, Escaping.ShowUrl(text));
}
