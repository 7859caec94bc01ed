using System.Diagnostics;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Diagnostics;

/// <summary>Secrets of a call are in none of its accounts, whoever listens and however it ends.</summary>
[Collection(AloneGroup.Name)]
public sealed class RedactionTests : ClientTests
{
    private static readonly string[] Canaries =
    [
        "canary-authorization", "canary-proxy", "canary-cookie", "canary-set", "canary-user", "canary-password", "canary-query",
        "canary-location", "canary-fragment", "canary-request-body", "canary-response-body",
    ];

    private static readonly RequestOptions Secret = new()
    {
        Headers = new()
        {
            ["Authorization"] = "Bearer canary-authorization",
            ["Proxy-Authorization"] = "Basic canary-proxy",
            ["Cookie"] = "session=canary-cookie",
        },
        Body = RequestBody.FromString("canary-request-body", "text/plain"),
        Explain = true,
    };

    public static TheoryData<Mode, string> Stories { get; } = new MatrixTheoryData<Mode, string>(
        Enum.GetValues<Mode>(), ["good", "redirect", "status", "cut head", "cut body", "nonsense", "silence", "cancelled", "refused"]);

    [Theory, MemberData(nameof(Stories))]
    public async Task No_secret_of_a_call_is_told_to_anybody(Mode mode, string story)
    {
        await using var server = MisbehavingServer.Start(_ => Tell(new Dialogue(), story));
        if (story == "refused")
            server.Dispose();
        var told = new List<string>();
        var log = new EventLog();
        using (var spans = new Spans())
        using (var metrics = new Measurements())
        using (var events = new LoggedEvents())
        {
            await using (var manager = new PoolManager(new PoolOptions { Events = log, Timeout = new() { Read = TimeSpan.FromMilliseconds(200) } }))
                told.AddRange(await Account(mode, manager, server, story));
            metrics.Observe();
            Assert.NotEmpty(spans.Ended);
            Assert.NotEmpty(events.All);
            told.AddRange(spans.Ended.SelectMany(All));
            told.AddRange(metrics.All.SelectMany(static m => m.Tags.Values));
            told.AddRange(events.All);
        }

        told.AddRange(log.All);
        told.AddRange(log.Facts);
        Assert.True(story == "refused" || server.Requests.Any(static r => r.Head.Contains("canary-query", StringComparison.Ordinal)));
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
        "nonsense" => dialogue.ExpectRequest().Send("HTTP/1.1 200 OK\r\nSet-Cookie : canary-set\r\n\r\n"),
        _ => dialogue.ExpectRequest().Stall(),
    };

    private static async Task<string[]> Account(Mode mode, PoolManager manager, MisbehavingServer server, string story)
    {
        using var cancellation = new CancellationTokenSource();
        string url = $"http://canary-user:canary-password@127.0.0.1:{server.Port}/path?token=canary-query#canary-fragment";
        Retry retries = new() { Total = 1, BackoffFactor = 0, StatusForcelist = [503], AllowedMethods = Retry.AnyMethod };
        Task<UrllibResponse> call = Send(mode, manager, "POST", url, Secret with { Retries = retries }, cancellation.Token);
        if (story == "cancelled")
        {
            server.WaitForRequests(1);
            await cancellation.CancelAsync();
        }

        Exception? error = await Record.ExceptionAsync(() => call);
        Assert.Equal(story is "good" or "redirect", error is null);
        ExchangeReport? report = error is null ? (await call).Report : (error as HttpException)?.Report;
        Assert.True(report is not null || story == "cancelled");
        return [$"{report}", $"{error}", .. report?.Attempts.Select(static a => a.ToString()) ?? []];
    }

    private static IEnumerable<string> All(Activity span) =>
    [
        span.DisplayName, span.OperationName, $"{span.StatusDescription}",
        .. span.TagObjects.Select(static tag => $"{tag.Key}={tag.Value}"),
        .. span.Events.Select(static e => e.Name + string.Join(',', e.Tags)),
    ];
}
