using System.Net;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>The rules of a call hold under <see cref="HttpClient"/> as they do without it.</summary>
public sealed class CallRulesTests : ClientTests
{
    public static MatrixTheoryData<Mode, string, string> Refused => new(
        Enum.GetValues<Mode>(), ["TE: gzip", "Upgrade: echo", "Host: a b", "Transfer-Encoding: gzip", "Expect: 100-continue"], ["GET"]);

    [Theory, MemberData(nameof(Refused))]
    public async Task A_message_that_cannot_be_sent_dials_nobody(Mode mode, string header, string method)
    {
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));
        using var request = new HttpRequestMessage(new HttpMethod(method), server.Url);
        string[] parts = header.Split(": ");
        Assert.True(request.Headers.TryAddWithoutValidation(parts[0], parts[1]));

        Exception? error = await Record.ExceptionAsync(() => Send(mode, http, request));

        if (header.StartsWith("Expect", StringComparison.Ordinal))
            Assert.Null(error); // without a content there is nothing to wait with, so the handler leaves it out, as the platform does
        else
            Assert.IsType<HttpRequestException>(error);
        Assert.Equal(error is null ? 1 : 0, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pause_that_does_not_fit_returns_what_there_is(Mode mode)
    {
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(static d => d.ExpectRequest().Respond(static r =>
            $"HTTP/1.1 {(r.Target == "/moved" ? "302 Go\r\nLocation: /" : "503 No")}\r\nRetry-After: 3000\r\nContent-Length: 0\r\n\r\n")));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));
        RequestOptions own = new() { Retries = new(), Timeout = new() { Total = TimeSpan.FromSeconds(50) } };

        foreach ((string path, HttpStatusCode status) in
            new[] { ("/", HttpStatusCode.ServiceUnavailable), ("/moved", HttpStatusCode.Redirect) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, server.Url + path) { Content = new StringContent("text") };
            request.Options.Set(UrllibHandler.RequestOptionsKey, own);
            using HttpResponseMessage response = await Send(mode, http, request);
            Assert.Equal(status, response.StatusCode);
        }

        Assert.Equal(2, server.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_cookie_that_changes_makes_each_turn_of_a_circle_another_request(Mode mode)
    {
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(static d => d.ExpectRequest().Respond(static r =>
            int.Parse(r["Cookie"]?["turn=".Length..] ?? "0", System.Globalization.CultureInfo.InvariantCulture) is < 30 and int turn
                ? $"HTTP/1.1 302 Go\r\nLocation: /\r\nSet-Cookie: turn={turn + 1}\r\nContent-Length: 0\r\n\r\n"
                : Ok)));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url);

        using HttpResponseMessage response = await Send(mode, http, request);

        Assert.Equal((HttpStatusCode.OK, 31), (response.StatusCode, server.Requests.Count));
    }

    private static Task<HttpResponseMessage> Send(Mode mode, HttpClient http, HttpRequestMessage request) =>
        Call(mode, () => http.Send(request), () => http.SendAsync(request)).WaitAsync(Patience);
}
