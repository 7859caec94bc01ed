using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>nginx behind haproxy, which keeps or closes the connections on either side.</summary>
public sealed class HaproxyTests(Peers peers) : ClientTests, IDisposable
{
    private readonly PoolManager _http = new();

    /// <summary>What happens to connections: that of the client, and the one behind haproxy.</summary>
    public enum Habit
    {
        /// <summary>Both are kept.</summary>
        Keep,

        /// <summary>That of the client is kept.</summary>
        CloseServer,

        /// <summary>Both are closed.</summary>
        CloseBoth,
    }

    public static MatrixTheoryData<Mode, Habit> Habits { get; } = new(Enum.GetValues<Mode>(), Enum.GetValues<Habit>());

    [Theory, MemberData(nameof(Habits))]
    public async Task Connections_are_as_many_as_haproxy_allows(Mode mode, Habit habit)
    {
        string[] targets = [.. Enumerable.Range(1, 4).Select(n => $"/small.txt?behind={n}-{mode}-{habit}")];

        foreach (string target in targets)
        {
            UrllibResponse response = await Send(mode, _http, "GET", Url(habit) + target);
            Assert.Equal(WebRoot.Small, response.Text());
            Assert.Equal("haproxy", response.Headers["X-Proxied-By"]);
        }

        Assert.Equal(habit == Habit.CloseBoth ? 4 : 1, _http.ConnectionFromUrl(Url(habit)).NumConnections);
        Assert.Equal(
            habit == Habit.Keep ? 1 : 4, targets.Select(t => peers.Nginx.WaitForLog($"GET {t} ").Split(' ')[0]).Distinct().Count());
    }

    [Theory, MemberData(nameof(Habits))]
    public async Task Uploads_arrive_in_either_framing(Mode mode, Habit habit)
    {
        var body = RequestBody.FromBytes(WebRoot.TenMegabytes);

        UrllibResponse whole = await Send(mode, _http, "POST", $"{Url(habit)}/upload", new() { Body = body });
        UrllibResponse chunked = await Send(mode, _http, "POST", $"{Url(habit)}/upload", new() { Body = body.WithoutLength() });

        Assert.Equal(["10485760", "10485760"], [whole.Text(), chunked.Text()]);
    }

    [Theory, MemberData(nameof(Habits))]
    public async Task Many_callers_notice_nothing(Mode mode, Habit habit)
    {
        UrllibResponse[] responses = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(_ => Send(mode, _http, "GET", $"{Url(habit)}/chunked/small.txt")));

        Assert.All(responses, static r => Assert.Equal(WebRoot.Small, r.Text()));
        Assert.Empty(_http.ConnectionFromUrl(Url(habit)).Snapshot().Busy);
    }

    public void Dispose() => _http.Dispose();

    private string Url(Habit habit) => "http://127.0.0.1:" + habit switch
    {
        Habit.Keep => peers.Haproxy.KeepAlivePort,
        Habit.CloseServer => peers.Haproxy.ServerClosePort,
        _ => peers.Haproxy.ClosePort,
    };
}
