namespace Urllib4.Tests.Primitives;

/// <summary>What is refused, where and with which words; first the refusals of urllib3, then ours.</summary>
public sealed class UrlRefusalTests
{
    [Theory]
    [InlineData("http://google.com:foo", 18)]
    [InlineData("http://::1/", 7)]
    [InlineData("http://::1:80/", 7)]
    [InlineData("http://google.com:-80", 18)]
    [InlineData("https://www.google.com:-80/", 23)]
    [InlineData("http://google.com:65536", 18)]
    [InlineData("http://a:99999", 9)]
    [InlineData("http://a:99999999999999999999", 9)]
    [InlineData("http://google.com:²²", 18)]
    [InlineData("[::1", 4)]
    [InlineData("http://foo%.example/", 10)]
    [InlineData("http://foo%zz.example/", 10)]
    [InlineData("http://\ud7ff.com", 7)]
    [InlineData("http://❤️", 7)]
    [InlineData("http://☃.net", 7)]
    [InlineData("http://127.0.0.1%0d%0aConnection%3a%20keep-alive", 16)]
    [InlineData("http://[v1.a]/", 8)]
    [InlineData("http://a b/", 8)]
    [InlineData("http://%00.example/", 7)]
    [InlineData("http://[::1%25%00]/", 11)]
    [InlineData("http://[::1%%0d%0a]/", 11)]
    public void What_urllib3_refuses_is_refused_at_the_same_place(string text, int position)
    {
        var error = Assert.Throws<LocationParseException>(() => Url.Parse(text));

        Assert.Equal(position, error.Position);
        Assert.Equal(HttpPhase.Prepare, error.Phase);
        Assert.Equal(Initiator.Us, error.Initiator);
        Assert.False(Url.TryParse(text, out _));
    }

    [Theory]
    [InlineData("http://", "")]
    [InlineData("http://a", "/")]
    [InlineData("http://user:", "@h")]
    [InlineData("http://h/", "")]
    [InlineData("http://h/?", "")]
    [InlineData("http://h/#", "")]
    [InlineData("ftp://h/", "")]
    public void Half_of_a_surrogate_pair_is_refused(string before, string after)
    {
        // Not as InlineData, whose encoding would replace them.
        foreach (char half in "\ud800\udc00\udfff".ToCharArray())
        {
            Assert.Throws<LocationParseException>(() => Url.Parse($"{before}{half}{after}"));
        }
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_named_by_its_index() =>
        Assert.Equal(12, Assert.Throws<LocationParseException>(() => Url.Parse("http://h/?a=" + '\ud800' + "b")).Position);

    [Theory]
    [InlineData("http://victim.example", "Injected/path")]
    [InlineData("gopher://victim.example", "Injected/path")]
    [InlineData("victim.example", "Injected/path")]
    [InlineData("http://127.0.0.1", "/path")]
    [InlineData("http://[::1]", "/path")]
    [InlineData("http://[::1", "]/path")]
    public void A_control_character_or_blank_in_the_host_is_refused(string before, string after)
    {
        foreach (int c in Enumerable.Range(0, 0x21).Append(0x7F))
        {
            var error = Assert.Throws<LocationParseException>(() => Url.Parse($"{before}{(char)c}{after}"));

            Assert.Equal(before.Length, error.Position);
            Assert.Contains("contains invalid character", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://user:hunter2@a b/")]
    [InlineData("http://user:hunter2@h:80x/?token=hunter2")]
    [InlineData("http://user:hunt/hunter2@h")]
    [InlineData("http://user:hunt?hunter2@h")]
    [InlineData("http://user:hunt#hunter2@h")]
    [InlineData("http://user:hunt//hunter2@h")]
    [InlineData("//user:hunter2@h^")]
    [InlineData("http:/user:hunter2@h")]
    [InlineData("http://h:x/?token=hunter2")]
    [Trait("check", "IN-13")]
    public void IN_13_a_refusal_shows_neither_user_information_nor_query(string text)
    {
        var error = Assert.Throws<LocationParseException>(() => Url.Parse(text));

        Assert.DoesNotContain("hunt", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunt", error.Location, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("check", "IN-12")]
    public void IN_12_a_refusal_shows_the_text_escaped_and_cut()
    {
        var error = Assert.Throws<LocationParseException>(() => Url.Parse("http://h/\r\nX: " + new string('y', 500)));

        Assert.StartsWith(@"http://h/\r\nX: yyy", error.Location, StringComparison.Ordinal);
        Assert.Equal(101, error.Location.Length);
    }

    [Theory]
    [InlineData("http://user:hunter2@h/p?q", "http://***@h/p?q")]
    [InlineData("http://token@h", "http://***@h")]
    [InlineData("http://h/a@b", "http://h/a@b")]
    [InlineData("//u@h:80/", "//***@h:80/")]
    [InlineData("socks5://u:p@h:1080", "socks5://***@h:1080")]
    [InlineData("user:hunter2@h", "user:***")]
    [Trait("check", "IN-13")]
    public void IN_13_the_printed_url_hides_user_information(string text, string printed)
    {
        var url = Url.Parse(text);

        Assert.Equal(printed, url.ToString());
        Assert.Equal(printed, $"{url}");
        Assert.Equal(text, url.Href);
    }
}
