using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

public sealed class HeaderRulesTests
{
    private const string TokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Fact]
    public void A_token_holds_exactly_the_characters_of_RFC_9110()
    {
        for (int c = 0; c <= char.MaxValue; c++)
        {
            bool legal = c < 0x80 && TokenCharacters.Contains((char)c, StringComparison.Ordinal);
            Assert.Equal(legal, HeaderRules.IsToken($"a{(char)c}"));
            if (c <= byte.MaxValue)
                Assert.Equal(legal, HeaderRules.IsToken([(byte)'a', (byte)c]));
        }

        Assert.False(HeaderRules.IsToken(""));
        Assert.False(HeaderRules.IsToken(""u8));
    }

    [Fact]
    public void A_value_holds_HTAB_SP_visible_ASCII_and_one_byte_of_Latin_1_IN_03_IN_08()
    {
        for (int c = 0; c <= char.MaxValue; c++)
        {
            // Lone surrogates are among them.
            bool legal = c is '\t' or (>= 0x20 and < 0x7F) or (>= 0x80 and <= 0xFF);
            Assert.Equal(legal ? -1 : 2, HeaderRules.IndexOfIllegalInValue($"a\u00E9{(char)c}b"));
            Assert.Equal(legal ? -1 : 1, HeaderRules.IndexOfIllegalInValue($"a{(char)c}"));
            if (c <= byte.MaxValue)
                Assert.Equal(legal ? -1 : 1, HeaderRules.IndexOfIllegalInValue([(byte)'a', (byte)c]));
        }
    }

    [Theory]
    [InlineData("\u010D\u010A", 0)]
    [InlineData("x\u0100", 1)]
    [InlineData("x\u2028", 1)]
    [InlineData("x\U0001F600", 1)]
    [InlineData("\u00FFx\0", 2)]
    [InlineData("ab\r\n c", 2)]
    [InlineData("ab\n c", 2)]
    [InlineData("\u007F", 0)]
    public void An_illegal_value_is_refused_with_its_position_and_without_showing_it(string value, int position)
    {
        var error = Assert.Throws<InvalidHeaderException>(() => HeaderRules.CheckValue("X-Name", "s3cret" + value));

        Assert.Equal("X-Name", error.Name);
        Assert.Equal("s3cret".Length + position, error.Position);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
        Assert.Equal(Initiator.Us, error.Initiator);
    }

    [Fact]
    public void The_message_tells_control_characters_from_those_that_have_no_byte()
    {
        var control = Assert.Throws<InvalidHeaderException>(() => HeaderRules.CheckValue("A", "\n"));
        var wide = Assert.Throws<InvalidHeaderException>(() => HeaderRules.CheckValue("A", "1\u20AC"));

        Assert.Equal("The header 'A' cannot be sent: a value cannot hold control characters (at index 0).", control.Message);
        Assert.Equal("The header 'A' cannot be sent: characters above U+00FF have no byte in a value (at index 1).", wide.Message);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(" \t ", "")]
    [InlineData("\t a \tb ", "a \tb")]
    [InlineData("\u00A0a\u00A0", "\u00A0a\u00A0")]
    public void Only_SP_and_HTAB_are_taken_off_a_value(string value, string trimmed) =>
        Assert.Equal(trimmed, HeaderRules.CheckValue("A", value));

    [Fact]
    public void A_value_without_blanks_around_it_stays_the_same_string()
    {
        string value = new('x', 3);

        Assert.Same(value, HeaderRules.CheckValue("A", value));
    }

    [Theory]
    [InlineData("", -1, "")]
    [InlineData("Na me", 2, "Na me")]
    [InlineData("Name ", 4, "Name ")]
    [InlineData(":name", 0, ":name")]
    [InlineData("A\r\nB", 1, @"A\r\nB")]
    [InlineData("\u010D", 0, "\\u010d")]
    public void An_illegal_name_is_refused_and_shown_escaped(string name, int position, string shown)
    {
        var error = Assert.Throws<InvalidHeaderException>(() => HeaderRules.CheckName(name));

        Assert.Equal(shown, error.Name);
        Assert.Equal(position, error.Position);
    }

    [Fact]
    public void A_long_name_is_cut_in_the_message()
    {
        var error = Assert.Throws<InvalidHeaderException>(() => HeaderRules.CheckName(new string('n', 5000) + " "));

        Assert.Equal(new string('n', 100) + "…", error.Name);
        Assert.Equal(5000, error.Position);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GE T")]
    [InlineData("GET /x HTTP/1.1\r\nA:")]
    [InlineData("GET\0")]
    [InlineData("G\u0152T")]
    [InlineData("G\u010AT")]
    public void A_method_that_is_no_token_is_refused_IN_01(string method)
    {
        var error = Assert.Throws<InvalidRequestException>(() => HeaderRules.CheckMethod(method));

        Assert.DoesNotContain('\r', error.Message);
        Assert.DoesNotContain('\0', error.Message);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("get")]
    [InlineData("M-SEARCH")]
    [InlineData(TokenCharacters)]
    public void A_method_that_is_a_token_passes(string method) => HeaderRules.CheckMethod(method);

    [Fact]
    public void A_block_is_walked_line_by_line_as_it_was_sent()
    {
        var reader = new FieldLineReader("A: 1\r\nb:2:3\r\n"u8);

        Assert.True(reader.MoveNext());
        Assert.True(reader.IsNamed("a"u8) && reader.IsNamed("A") && !reader.IsNamed("b"));
        Assert.Equal("A=1", Encoding.ASCII.GetString(reader.Name) + "=" + Encoding.ASCII.GetString(reader.Value));
        Assert.True(reader.MoveNext());
        Assert.Equal("b=2:3", Encoding.ASCII.GetString(reader.Name) + "=" + Encoding.ASCII.GetString(reader.Value));
        Assert.False(reader.MoveNext());
    }
}
