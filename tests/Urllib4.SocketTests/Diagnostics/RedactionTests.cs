using System.Diagnostics;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Diagnostics;

/// <summary>Secrets of a call are in none of its accounts, whoever listens and however it ends.</summary>
[Collection(AloneGroup.Name)]
public sealed class RedactionTests : ClientTests
{
    private static readonly string[] Canaries =
    [
        "canary-authorization", "canary-proxy", "canary-cookie", "canary-set", "canary-user", "canary-password", "canary-query",
        "canary-location", "canary-key", "canary-fragment", "canary-request-body", "canary-response-body", "canary-realm",
        Base64("canary-user:canary-password"), Base64("canary-proxy-user:canary-proxy-password"),
    ];

    private static readonly RequestOptions Secret = new()
    {
        Headers = new()
        {
            ["Authorization"] = "Bearer canary-authorization",
            ["Proxy-Authorization"] = "Basic canary-proxy",
            ["Cookie"] = "session=canary-cookie",
            ["X-Api-Key"] = "canary-key",
        },
        Body = RequestBody.FromString("canary-request-body", "text/plain"),
        Explain = true,
    };

    public static TheoryData<Mode, string> Stories { get; } = new MatrixTheoryData<Mode, string>(
        Enum.GetValues<Mode>(), ["good", "redirect", "status", "cut head", "cut body", "nonsense", "silence", "cancelled", "refused",
            "challenge", "proxy", "no tunnel", "next proxy"]);

    [Theory, MemberData(nameof(Stories))]
    public async Task No_secret_of_a_call_is_told_to_anybody(Mode mode, string story)
    {
        await using var server = MisbehavingServer.Start(_ => Tell(new Dialogue(), story));
        await using var dead = MisbehavingServer.Start();
        dead.Dispose();
        if (story == "refused")
            server.Dispose();
        var told = new List<string>();
        var log = new EventLog();
        using (var spans = new Spans())
        using (var metrics = new Measurements())
        using (var events = new LoggedEvents())
        {
            PoolOptions options = new() { Events = log, Timeout = new() { Read = TimeSpan.FromMilliseconds(200) } };
            await using (var manager = new PoolManager(Through(story, options, server, dead)))
                told.AddRange(await Account(mode, manager, server, story));
            metrics.Observe();
            Assert.NotEmpty(spans.Ended);
            Assert.NotEmpty(events.All);
            told.AddRange(spans.Ended.SelectMany(All));
            told.AddRange(metrics.All.SelectMany(static m => m.Tags.Values));
            told.AddRange(events.All);
        }

        if (story is "challenge" or "proxy" or "next proxy")
            server.Verify();
        Assert.True(story != "challenge" || server.Requests.Count == 2);
        told.AddRange(log.All);
        told.AddRange(log.Facts);
        Assert.True(story is "refused" or "no tunnel"
            || server.Requests.Any(static r => r.Head.Contains("canary-query", StringComparison.Ordinal)));
        foreach (string canary in Canaries)
            Assert.DoesNotContain(told, text => text.Contains(canary, StringComparison.OrdinalIgnoreCase));
    }

    private static Dialogue Tell(Dialogue dialogue, string story) => story switch
    {
        "good" => dialogue.ExpectRequest().Send(
            "HTTP/1.1 200 OK\r\nSet-Cookie: canary-set\r\nContent-Length: 20\r\n\r\ncanary-response-body"),
        "redirect" => dialogue
            .ExpectRequest().Send("HTTP/1.1 307 Go\r\nLocation: /?token=canary-location#canary-fragment\r\nContent-Length: 0\r\n\r\n")
            .ExpectRequest().Send(Ok),
        "status" => dialogue.Loop(static d => d.ExpectRequest().Send(
            "HTTP/1.1 503 Later\r\nSet-Cookie: canary-set\r\nContent-Length: 20\r\n\r\ncanary-response-body")),
        "cut head" => dialogue.ExpectRequest().Send("HTTP/1.1 200 OK\r\nSet-Cookie: canary-set\r\n").Close(),
        "cut body" => dialogue.ExpectRequest()
            .Send("HTTP/1.1 200 OK\r\nSet-Cookie: canary-set\r\nContent-Length: 99\r\n\r\ncanary-response-body").Close(),
        "challenge" => dialogue
            .ExpectRequest().Send("HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"canary-realm\"\r\nContent-Length: 0\r\n\r\n")
            .ExpectRequest(static r => Assert.Contains(Base64("canary-user:canary-password"), r["Authorization"]!, StringComparison.Ordinal))
            .Send(Ok),
        "proxy" or "next proxy" => dialogue
            .ExpectRequest(static r => Assert.Contains(
                Base64("canary-proxy-user:canary-proxy-password"), r["Proxy-Authorization"]!, StringComparison.Ordinal))
            .Send(Ok),
        "no tunnel" => dialogue.ExpectRequest().Send("HTTP/1.1 403 No\r\nSet-Cookie: canary-set\r\nContent-Length: 0\r\n\r\n"),
        "nonsense" => dialogue.ExpectRequest().Send("HTTP/1.1 200 OK\r\nSet-Cookie : canary-set\r\n\r\n"),
        _ => dialogue.ExpectRequest().Stall(),
    };

    private static async Task<string[]> Account(Mode mode, PoolManager manager, MisbehavingServer server, string story)
    {
        using var cancellation = new CancellationTokenSource();
        string scheme = story == "no tunnel" ? "https" : "http";
        string url = $"{scheme}://canary-user:canary-password@127.0.0.1:{server.Port}/path?token=canary-query#canary-fragment";
        Retry retries = new() { Total = 1, BackoffFactor = 0, StatusForcelist = [503], AllowedMethods = Retry.AnyMethod };
        Task<UrllibResponse> call = Send(mode, manager, "POST", url, OptionsOf(story) with { Retries = retries }, cancellation.Token);
        if (story == "cancelled")
        {
            server.WaitForRequests(1);
            await cancellation.CancelAsync();
        }

        Exception? error = await Record.ExceptionAsync(() => call);
        Assert.True(error is null == story is "good" or "redirect" or "challenge" or "proxy" or "next proxy", $"{story}: {error}");
        ExchangeReport? report = error is null ? (await call).Report : (error as HttpException)?.Report;
        Assert.True(report is not null || story == "cancelled");
        return [$"{report}", $"{error}", .. report?.Attempts.Select(static a => a.ToString()) ?? []];
    }

    // Who is to be challenged must not have answered yet.
    private static RequestOptions OptionsOf(string story) => story switch
    {
        "challenge" => Secret with { Headers = null, Auth = HttpAuth.WhenAsked("canary-user", "canary-password") },
        "proxy" or "next proxy" or "no tunnel" => Secret with { Headers = null },
        _ => Secret,
    };

    private static PoolOptions Through(string story, PoolOptions options, MisbehavingServer server, MisbehavingServer dead)
    {
        ProxyOptions alive = At(server), gone = At(dead);
        return story switch
        {
            "proxy" or "no tunnel" => options with { Proxy = alive },
            "next proxy" => options with { ProxySelector = _ => [gone, alive] },
            _ => options,
        };

        static ProxyOptions At(MisbehavingServer proxy) => new($"http://canary-proxy-user:canary-proxy-password@127.0.0.1:{proxy.Port}");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<string> All(Activity span) =>
    [
        span.DisplayName, span.OperationName, $"{span.StatusDescription}",
        .. span.TagObjects.Select(static tag => $"{tag.Key}={tag.Value}"),
        .. span.Events.Select(static e => e.Name + string.Join(',', e.Tags)),
    ];
}
