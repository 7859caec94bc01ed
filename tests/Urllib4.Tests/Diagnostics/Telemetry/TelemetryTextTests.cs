using Urllib4.Diagnostics;

namespace Urllib4.Tests.Diagnostics;

public sealed class TelemetryTextTests
{
    [Theory]
    [InlineData("http://example.com", "http://example.com/")]
    [InlineData("https://user:secret@Example.com:443/a%20b", "https://example.com/a%20b")]
    [InlineData("http://example.com:8080/?token=secret#secret", "http://example.com:8080/?*")]
    [InlineData("http://example.com/?", "http://example.com/?")]
    [InlineData("https://[::1]:80/x?y", "https://[::1]:80/x?*")]
    public void A_url_is_told_without_user_information_query_and_fragment(string url, string told) =>
        Assert.Equal(told, TelemetryText.Url(Url.Parse(url)));

    [Theory]
    [InlineData("GET", "GET")]
    [InlineData("get", "_OTHER")]
    [InlineData("BREW", "_OTHER")]
    [InlineData("PATCH", "PATCH")]
    public void Methods_that_nobody_knows_are_one(string method, string told) => Assert.Equal(told, TelemetryText.Method(method));

    [Theory]
    [InlineData(200, null)]
    [InlineData(399, null)]
    [InlineData(400, "400")]
    [InlineData(599, "599")]
    [InlineData(600, null)]
    public void A_status_from_400_to_599_is_a_kind_of_error(int status, string? kind) => Assert.Equal(kind, TelemetryText.ErrorType(status));

    [Theory]
    [InlineData("1.0", "1.0")]
    [InlineData("1.1", "1.1")]
    [InlineData("2.0", "2")]
    public void A_version_is_written_as_the_conventions_want_it(string version, string told) =>
        Assert.Equal(told, TelemetryText.Version(Version.Parse(version)));

    [Theory]
    [InlineData("http://example.com", "http", "example.com", 80)]
    [InlineData("https://example.com.:8443/", "https", "example.com", 8443)]
    [InlineData("https://[::1]/", "https", "::1", 443)]
    public void A_place_is_scheme_host_and_port(string url, string scheme, string host, int port) => Assert.Equal(
        [
            KeyValuePair.Create("url.scheme", (object?)scheme),
            KeyValuePair.Create("server.address", (object?)host),
            KeyValuePair.Create("server.port", (object?)port),
        ],
        TelemetryText.Place(Url.Parse(url)));

    public static TheoryData<Exception, string> Errors { get; } = new()
    {
        { new NewConnectionException("x"), "connection_error" },
        { new NameResolutionException("example.com", "x"), "name_resolution_error" },
        { new TlsException("x"), "secure_connection_error" },
        { new ProxyException("x"), "proxy_tunnel_error" },
        { new ConnectionClosedException("x", HttpPhase.Head), "response_ended" },
        { new ReadTimeoutException(HttpPhase.Head, TimeSpan.Zero, TimeSpan.Zero), "Urllib4.ReadTimeoutException" },
        { new OperationCanceledException(), "System.OperationCanceledException" },
    };

    [Theory, MemberData(nameof(Errors))]
    public void An_error_has_the_word_of_the_platform_or_the_name_of_its_type(Exception error, string kind) =>
        Assert.Equal(kind, TelemetryText.ErrorType(error));
}
