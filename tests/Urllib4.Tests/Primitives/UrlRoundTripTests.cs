using System.Globalization;
using System.Text;

namespace Urllib4.Tests.Primitives;

public sealed class UrlRoundTripTests
{
    private static readonly string[] Pieces =
    [
        "http:", "https:", "HTTP:", "ftp:", "x:", "//", "/", "/", ".", "..", "/./", "/../", "?", "#", "@", ":", ":80", ":0080", "80", "0",
        "a", "B", "é", "ß", "例", "Ａ", "。", "xn--", "xn--bcher-kva", "bücher", "127.0.0.1", "[::1]", "[::FF]", "[", "]", "%", "%2f", "%2F",
        "%zz", " ", "\\", "\"", "~", "_", "-", "'", ";", "host", "Example.com", "😀", "\ud800", "\u0301", "\u200d", "\t", "\u00a0", "|",
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 16)];

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait("check", "UR-13")]
    public void UR_13_what_is_printed_parses_to_the_same_url(int seed)
    {
        var random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < 5_000; i++)
        {
            string text = Generate(random);
            if (!Url.TryParse(text, out Url? url))
            {
                continue;
            }

            accepted++;
            var again = Url.Parse(url.Href);
            Assert.Same(url.Href, again.Href);
            Assert.Equal(Components(url), Components(again));
            Assert.DoesNotContain(url.Href, static c => char.IsControl(c) && c < 0x80);
            Assert.Equal(url.Href, Recompose(url));
            AssertResolves(url, text);
        }

        Assert.True(accepted > 500, string.Create(CultureInfo.InvariantCulture, $"Only {accepted} texts were URLs."));
    }

    /// <summary>Whatever a reference is, the outcome is an error or a URL whose own text says the same.</summary>
    private static void AssertResolves(Url url, string text)
    {
        if (url.Scheme is null or "http" or "https")
        {
            try
            {
                var resolved = Url.Parse("http://base/p/q?r#s").Resolve(text);
                Assert.Equal(resolved, Url.Parse(resolved.Href));
            }
            catch (LocationParseException)
            {
                // A URL without its scheme may not be a reference: its host could be taken for one.
                Assert.Null(url.Scheme);
            }
        }
    }

    private static string Generate(Random random)
    {
        var text = new StringBuilder(random.Next(4) switch { 0 => "", 1 => "//h", _ => "http://h" });
        for (int count = random.Next(1, 8); count > 0; count--)
        {
            text.Append(Pieces[random.Next(Pieces.Length)]);
        }

        return text.ToString();
    }

    private static (string?, string?, string?, int?, string?, string?, string?, string) Components(Url url) =>
        (url.Scheme, url.Auth, url.Host, url.Port, url.Path, url.Query, url.Fragment, url.RequestUri);

    private static string Recompose(Url url) =>
        (url.Scheme is null ? "" : url.Scheme + ":") + (url.Authority is null ? "" : "//" + url.Authority) + url.Path
        + (url.Query is null ? "" : "?" + url.Query) + (url.Fragment is null ? "" : "#" + url.Fragment);
}
