using Urllib4.Adapters;

namespace Urllib4.Tests.Adapters;

public sealed class PlatformUriTests
{
    [Theory]
    [InlineData("http://a.test/b?c")]
    [InlineData("https://[::1]:8443/")]
    [InlineData("http://b\u00FCcher.test/")]
    public void A_url_is_the_uri_of_the_same_place(string url)
    {
        Uri? uri = PlatformUri.Of(Url.Parse(url));
        Assert.NotNull(uri);
        Assert.Equal(Url.Parse(url).Origin, Url.From(uri).Origin);
    }
}
