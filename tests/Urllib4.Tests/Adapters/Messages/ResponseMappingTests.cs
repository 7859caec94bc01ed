using System.IO.Compression;
using System.Net;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.Tests.Adapters;

public sealed class ResponseMappingTests : HandlerTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task Status_reason_version_and_headers_are_those_of_the_head(Mode mode)
    {
        MemoryDialer dialer = Answering("HTTP/1.1 404 Nothing here\r\nX-One: 1\r\nx-one: 2\r\nContent-Type: text/plain\r\n"
            + "Set-Cookie: a=b\r\nContent-Length: 4\r\n\r\ntext");
        using HttpClient http = Client(dialer);

        using HttpResponseMessage response = await Get(mode, http);

        Assert.Equal((HttpStatusCode.NotFound, "Nothing here"), (response.StatusCode, response.ReasonPhrase));
        Assert.Equal(HttpVersion.Version11, response.Version);
        Assert.Equal(["1", "2"], response.Headers.GetValues("X-One"));
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(4, response.Content.Headers.ContentLength);
        Assert.Equal("text", await TextOf(mode, response));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Trailers_are_there_once_the_content_was_read(Mode mode)
    {
        MemoryDialer dialer = Answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");
        using HttpClient http = Client(dialer);
        using HttpResponseMessage response = await Get(mode, http);
        Assert.Equal("ok", await TextOf(mode, response));
        Assert.Equal("7", Assert.Single(response.TrailingHeaders.GetValues("X-Sum")));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_coding_that_was_asked_for_is_undone_with_the_headers_that_describe_it(Mode mode)
    {
        MemoryDialer dialer = Answering(Gzipped("plain text"), Gzipped("plain text"));
        using HttpClient asking = Client(dialer, static h => h.AutomaticDecompression = DecompressionMethods.All);

        using HttpResponseMessage decoded = await Get(mode, asking);

        Assert.Equal("plain text", await TextOf(mode, decoded));
        Assert.Empty(decoded.Content.Headers.ContentEncoding);
        Assert.Equal("gzip, deflate, br", RequestOf(dialer)["Accept-Encoding"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_coding_that_nobody_asked_for_is_left_as_it_came(Mode mode)
    {
        MemoryDialer dialer = Answering(Gzipped("plain text"));
        using HttpClient http = Client(dialer);
        using HttpResponseMessage response = await Get(mode, http);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.StartsWith("\u001F\u008B", await TextOf(mode, response), StringComparison.Ordinal);
        Assert.Null(RequestOf(dialer)["Accept-Encoding"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_message_of_a_response_is_that_of_the_caller_unless_a_redirect_made_another(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok, "HTTP/1.1 303 Go\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n", Ok);
        using HttpClient http = Client(dialer);
        using var direct = new HttpRequestMessage(HttpMethod.Get, "http://a.test/");
        using var led = new HttpRequestMessage(HttpMethod.Post, "http://a.test/") { Content = new StringContent("text") };
        led.Headers.Add("X-Kept", "1");
        led.Options.TryAdd("key", "value");

        Assert.Same(direct, (await Send(mode, http, direct)).RequestMessage);
        HttpRequestMessage answered = (await Send(mode, http, led)).RequestMessage!;

        Assert.Equal((HttpMethod.Get, "http://a.test/there", null), (answered.Method, answered.RequestUri?.AbsoluteUri, answered.Content));
        Assert.Equal("1", Assert.Single(answered.Headers.GetValues("X-Kept")));
        Assert.Equal("value", ((IDictionary<string, object?>)answered.Options)["key"]);
        Assert.Equal(("http://a.test/", HttpMethod.Post), (led.RequestUri?.AbsoluteUri, led.Method));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_redirect_is_the_response_when_redirects_are_not_followed(Mode mode)
    {
        MemoryDialer dialer = Answering("HTTP/1.1 302 Go\r\nLocation: /caf\u00C3\u00A9\r\nContent-Length: 0\r\n\r\n");
        using HttpClient http = Client(dialer, static h => h.AllowAutoRedirect = false);
        using HttpResponseMessage response = await Get(mode, http);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal("/caf\u00E9", response.Headers.NonValidated["Location"].ToString());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_selector_says_how_the_bytes_of_a_header_are_read(Mode mode)
    {
        MemoryDialer dialer = Answering(
            "HTTP/1.1 200 OK\r\nX-Name: caf\u00C3\u00A9\r\nX-Other: caf\u00E9\r\nContent-Length: 0\r\n\r\n");
        using HttpClient http = Client(dialer, static h => h.ResponseHeaderEncodingSelector = static (name, _) =>
            name == "X-Name" ? Encoding.UTF8 : null);
        using HttpResponseMessage response = await Get(mode, http);
        Assert.Equal(["caf\u00E9", "caf\u00E9"],
            [response.Headers.NonValidated["X-Name"].ToString(), response.Headers.NonValidated["X-Other"].ToString()]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task After_a_switch_of_protocols_the_content_is_the_connection(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest()
            .Send("HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n").ExpectBytes("ping").Send("pong"));
        using HttpClient http = Client(dialer);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://a.test/");
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "echo");
        using HttpResponseMessage response = await Send(mode, http, request, HttpCompletionOption.ResponseHeadersRead);
        await using Stream stream = response.Content.ReadAsStream();

        await Write(mode, stream, [.. "ping"u8]);
        byte[] buffer = new byte[4];
        Assert.Equal(4, await Read(mode, stream, buffer));

        Assert.Equal("pong"u8.ToArray(), buffer);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_response_tells_over_which_connection_it_came(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok, Ok);
        using HttpClient http = Client(dialer);

        using HttpResponseMessage first = await Get(mode, http);
        using HttpResponseMessage second = await Get(mode, http);

        Assert.Equal(UrllibHandler.ConnectionOf(first)?.Id, UrllibHandler.ConnectionOf(second)?.Id);
        Assert.True(UrllibHandler.ConnectionOf(second)?.IsReused);
        Assert.Null(UrllibHandler.ReportOf(first));
        using var other = new HttpResponseMessage();
        Assert.Null(UrllibHandler.ConnectionOf(other));
    }

    private static string Gzipped(string text)
    {
        using var body = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.ASCII.GetBytes(text));
        string bytes = Encoding.Latin1.GetString(body.ToArray());
        return $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {bytes.Length}\r\n\r\n{bytes}";
    }
}
