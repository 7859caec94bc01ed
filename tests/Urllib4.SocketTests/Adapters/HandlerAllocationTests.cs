using System.Globalization;
using System.Net;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>
/// What a small request costs under <see cref="HttpClient"/> beyond what that and its messages cost over any handler: over one that makes
/// the same message of texts and bytes which it has ready.
/// </summary>
public sealed class HandlerAllocationTests
{
    // A debug build makes an object of every asynchronous frame, also of those that never wait. An optimized one, which is compiled
    // without tiers here, makes 160 bytes: the options of the message, which come to be when they are looked at, and a content that
    // knows the connection.
#if DEBUG
    private const long Most = 2000;
#else
    private const long Most = 180;
#endif

    private const int Requests = 200;

    private static readonly (string Name, string Value)[] _headers =
    [
        ("Server", "nginx/1.22.1"), ("Date", "Mon, 05 Jan 2026 10:00:00 GMT"), ("Connection", "keep-alive"),
        ("ETag", "\"695a3a40-96\""), ("Cache-Control", "max-age=60"), ("X-Content-Type-Options", "nosniff"),
    ];

    private static readonly (string Name, string Value)[] _contentHeaders = [("Content-Type", "text/plain"), ("Content-Length", "150")];

    private static readonly byte[] _body = new byte[150];

    [Fact]
    public async Task A_small_get_costs_little_memory_beyond_the_messages()
    {
        string lines = string.Concat(_headers.Concat(_contentHeaders).Select(static h => $"{h.Name}: {h.Value}\r\n"));
        string response = $"HTTP/1.1 200 OK\r\n{lines}\r\n{new string('x', _body.Length)}";
        await using var server = MisbehavingServer.Start(new Dialogue().Loop(d => d.ExpectRequest().Send(response)));
        var uri = new Uri(server.Url);

        long least = PerRequest(new Ready(), uri);
        long ours = PerRequest(new UrllibHandler(), uri);

        Assert.True(
            ours - least <= Most,
            string.Create(CultureInfo.InvariantCulture, $"{ours} bytes were allocated for a request, of which {least} are not the handler's"));
        Assert.Equal(1, server.Connections);
    }

    // A blocking call does all of its work on the calling thread, so nothing that others do is counted.
    private static long PerRequest(HttpMessageHandler handler, Uri uri)
    {
        using var http = new HttpClient(handler);
        // As texts: a value that was parsed is written anew for each request, over any handler.
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "*/*");
        http.DefaultRequestHeaders.TryAddWithoutValidation("X-Api-Key", "1");
        Send(http, uri);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Send(http, uri);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Requests;
    }

    private static void Send(HttpClient http, Uri uri)
    {
        for (int i = 0; i < Requests; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            using HttpResponseMessage response = http.Send(request);
            response.Content.CopyTo(Stream.Null, null, CancellationToken.None);
        }
    }

    private sealed class Ready : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new ByteArrayContent(_body) };
            foreach ((string name, string value) in _headers)
                response.Headers.TryAddWithoutValidation(name, value);
            foreach ((string name, string value) in _contentHeaders)
                response.Content.Headers.TryAddWithoutValidation(name, value);
            return response;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
