using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

public sealed class HeaderNamesTests
{
    [Theory]
    [InlineData("Date")]
    [InlineData("ETag")]
    [InlineData("Vary")]
    [InlineData("Server")]
    [InlineData("Expires")]
    [InlineData("Location")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Content-Type")]
    [InlineData("Last-Modified")]
    [InlineData("Cache-Control")]
    [InlineData("Accept-Ranges")]
    [InlineData("Content-Length")]
    [InlineData("Content-Encoding")]
    [InlineData("Transfer-Encoding")]
    public void A_name_that_many_responses_have_is_one_text_for_all_of_them(string name)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        string? first = HeaderNames.AsUsuallySpelled(bytes);
        Assert.Equal(name, first);
        Assert.Same(first, HeaderNames.AsUsuallySpelled([.. bytes]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("D")]
    [InlineData("Dart")]
    [InlineData("date")]
    [InlineData("Etag")]
    [InlineData("Link")]
    [InlineData("VARY")]
    [InlineData("Cookie")]
    [InlineData("Upgrade")]
    [InlineData("location")]
    [InlineData("Locatiom")]
    [InlineData("Connectiom")]
    [InlineData("Set-Cookie")]
    [InlineData("Content-MD55")]
    [InlineData("Last-modified")]
    [InlineData("X-Frame-Optio")]
    [InlineData("Xaa-Control-X")]
    [InlineData("Content-Length2")]
    [InlineData("content-length")]
    [InlineData("WWW-Authenticate")]
    [InlineData("If-Modified-Since")]
    public void A_name_that_only_looks_like_a_known_one_is_none(string name) =>
        Assert.Null(HeaderNames.AsUsuallySpelled(Encoding.ASCII.GetBytes(name)));

    [Fact]
    public void A_byte_that_is_no_ASCII_makes_no_name_a_known_one() =>
        Assert.Null(HeaderNames.AsUsuallySpelled(Encoding.Latin1.GetBytes("D\u00e4te")));
}
