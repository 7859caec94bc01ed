using System.Buffers;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

public sealed class PercentEncodingTests
{
    private static readonly Dictionary<string, AsciiSet> Components = new()
    {
        ["user information"] = PercentEncoding.UserInfo,
        ["path"] = PercentEncoding.Path,
        ["query"] = PercentEncoding.Query,
        ["fragment"] = PercentEncoding.Fragment,
    };

    [Theory]
    [InlineData("user information", "!$&'()*+,;=:-._~")]
    [InlineData("path", "!$&'()*+,;=:-._~@/")]
    [InlineData("query", "!$&'()*+,;=:-._~@/?")]
    [InlineData("fragment", "!$&'()*+,;=:-._~@/?")]
    public void A_component_shows_its_own_characters_and_no_others(string component, string legalSigns)
    {
        for (char c = '!'; c <= '~'; c++)
        {
            bool legal = char.IsAsciiLetterOrDigit(c) || legalSigns.Contains(c, StringComparison.Ordinal);

            Assert.Equal(legal ? c.ToString() : $"%{(int)c:X2}", Encode(c.ToString(), Components[component]));
            Assert.Equal(legal, PercentEncoding.IsNormal([c], Components[component]) && c != '%');
        }
    }

    [Theory]
    [InlineData("%2f%zz", "%252F%25zz")]
    [InlineData("%2f%Zz%", "%252F%25Zz%25")]
    [InlineData("%ab%Cd", "%AB%CD")]
    [InlineData("%", "%25")]
    [InlineData("%2", "%252")]
    [InlineData("100%", "100%25")]
    [InlineData("%41", "%41")]
    [InlineData("%é", "%25%C3%A9")]
    public void Percent_signs_are_all_kept_or_all_encoded(string text, string encoded)
    {
        string actual = Encode(text, PercentEncoding.Path);

        Assert.Equal(encoded, actual);
        Assert.True(PercentEncoding.IsNormal(actual, PercentEncoding.Path));
    }

    [Theory]
    [InlineData("é", "%C3%A9")]
    [InlineData("例", "%E4%BE%8B")]
    [InlineData("😀", "%F0%9F%98%80")]
    [InlineData("\u0080", "%C2%80")]
    [InlineData("\u010d\u010a", "%C4%8D%C4%8A")]
    public void Other_characters_are_written_as_utf8(string text, string encoded) =>
        Assert.Equal(encoded, Encode(text, PercentEncoding.Query));

    [Theory]
    [InlineData("%c3%A9", "é")]
    [InlineData("a+b", "a+b")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("%25zz", "%zz")]
    [InlineData("é%20%C3%A9", "é é")]
    [InlineData("%FF", "\uFFFD")]
    [InlineData("", "")]
    public void Decoding_reads_utf8_and_leaves_what_is_no_escape(string text, string decoded) =>
        Assert.Equal(decoded, PercentEncoding.Decode(text));

    [Fact]
    public void Lone_surrogates_are_found()
    {
        Assert.False(PercentEncoding.FindLoneSurrogate("plain 😀😀").Exists);
        Assert.Equal(4, PercentEncoding.FindLoneSurrogate("a😀b" + '\udc00').Position);
    }

    private static string Encode(string text, AsciiSet legal)
    {
        var result = new StringBuilder();
        Assert.False(PercentEncoding.Append(result, text, legal).Exists);
        return result.ToString();
    }
}
