namespace Urllib4.Tests.Bodies;

public sealed class RequestHeadersTests
{
    [Fact]
    public void Nothing_asked_for_gives_no_headers()
    {
        Assert.Equal(0, RequestHeaders.Make().Count);
        Assert.Equal(0, RequestHeaders.Make(acceptEncoding: "", userAgent: "").Count);
        Assert.Equal(0, RequestHeaders.Make(acceptEncoding: (string[])[]).Count);
    }

    [Fact]
    public void Each_argument_adds_its_header()
    {
        var headers = RequestHeaders.Make(
            keepAlive: true,
            acceptEncoding: true,
            userAgent: "x/1",
            basicAuth: ("foo", "bar"),
            proxyBasicAuth: ("p", "q:r"),
            disableCache: true);

        Assert.Equal(
            [
                $"Accept-Encoding: {ContentCodings.AcceptEncoding}", "User-Agent: x/1", "Connection: keep-alive", "Authorization: Basic Zm9vOmJhcg==",
                "Proxy-Authorization: Basic cDpxOnI=", "Cache-Control: no-cache",
            ],
            headers.Select(line => $"{line.Key}: {line.Value}"));
    }

    [Fact]
    public void Codings_are_given_as_text_or_as_a_list()
    {
        Assert.Equal("br;q=1, *;q=0", RequestHeaders.Make(acceptEncoding: "br;q=1, *;q=0")["Accept-Encoding"]);
        Assert.Equal("br,gzip", RequestHeaders.Make(acceptEncoding: ["br", "gzip"])["Accept-Encoding"]);
    }

    [Fact]
    public void Codings_that_are_null_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => RequestHeaders.Make(acceptEncoding: (string)null!));
        Assert.Throws<ArgumentNullException>(() => RequestHeaders.Make(acceptEncoding: (string[])null!));
    }

    [Fact]
    public void Credentials_are_UTF_8_AU_09()
    {
        Assert.Equal("Basic dXNlcjpwYXNzw6k=", RequestHeaders.Make(basicAuth: ("user", "passé"))["Authorization"]);
        Assert.Equal("Basic 8J+YgDo=", RequestHeaders.Make(basicAuth: ("\U0001F600", ""))["Authorization"]);
    }

    [Theory]
    [InlineData("us:er", "p", 2)]
    [InlineData("us\ner", "p", 2)]
    [InlineData("user", "s3cret\r", 6)]
    [InlineData("user", "s3cret\u007F", 6)]
    [InlineData("user", "s3cret\u0085", 6)]
    public void Ambiguous_or_dangerous_credentials_are_refused_and_not_shown_AU_09_IN_11(string user, string password, int position)
    {
        var error = Assert.Throws<InvalidHeaderException>(() => RequestHeaders.Make(basicAuth: (user, password)));
        var proxy = Assert.Throws<InvalidHeaderException>(() => RequestHeaders.Make(proxyBasicAuth: (user, password)));

        Assert.Equal("Authorization", error.Name);
        Assert.Equal("Proxy-Authorization", proxy.Name);
        Assert.Equal(position, error.Position);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_credentials_is_refused_IN_08()
    {
        // Not in attributes: they are stored as UTF-8, which has no half pairs.
        foreach (string half in (string[])["\uD83D", "\uDE00", "\uDE00\uD83D", "\uD83Dx"])
        {
            Assert.Equal(1, Assert.Throws<InvalidHeaderException>(() => RequestHeaders.Make(basicAuth: ($"u{half}", "p"))).Position);
            Assert.Equal(2, Assert.Throws<InvalidHeaderException>(() => RequestHeaders.Make(basicAuth: ("u", $"pw{half}"))).Position);
        }
    }

    [Fact]
    public void An_illegal_user_agent_is_refused()
    {
        Assert.Equal("Schönefeld/1.18.0", RequestHeaders.Make(userAgent: "Schönefeld/1.18.0")["User-Agent"]);
        Assert.Throws<InvalidHeaderException>(() => RequestHeaders.Make(userAgent: "x\r\nHost: y"));
    }
}
