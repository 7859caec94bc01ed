using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Pools;

/// <summary>Idle connections on which nobody sends anything any more.</summary>
public sealed class UnwatchedConnectionTests : ClientTests
{
    private const int Burst = 5;

    // Keys are dear; one for all will do.
    private static readonly CertificateAuthority _authority = new();
    private static readonly IssuedCertificate _certificate = _authority.Issue("localhost");

    public static TheoryData<Mode, bool> Ways()
    {
        var rows = new TheoryData<Mode, bool>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            rows.Add(mode, false);
            rows.Add(mode, true);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Connections_whose_server_has_closed_are_closed_although_nobody_borrows(Mode mode, bool tls)
    {
        var clock = new VirtualTime();
        var events = new Closings();
        var leave = new Gate();
        await using MisbehavingServer server = StartServer(tls, leave);
        await using PoolManager manager = NewManager(clock, events);
        await SendBurst(mode, manager, tls ? server.SecureUrl : server.Url);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(events.Closed);

        leave.Open();
        Until(() => server.OpenConnections == 0);
        clock.Advance(TimeSpan.FromSeconds(2));

        Until(() => events.Closed.Count == Burst);
        Assert.All(manager.Pools, static entry => Assert.Empty(entry.Value.Snapshot().Idle));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Connections_are_closed_after_MaxIdleTime_although_nobody_borrows(Mode mode, bool tls)
    {
        var clock = new VirtualTime();
        var events = new Closings();
        await using MisbehavingServer server = StartServer(tls);
        await using PoolManager manager = NewManager(clock, events);
        await SendBurst(mode, manager, tls ? server.SecureUrl : server.Url);

        clock.Advance(PoolOptions.Default.MaxIdleTime);

        Until(() => events.Closed.Count == Burst);
        Until(() => server.OpenConnections == 0);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Connections_are_closed_after_MaxLifetime_although_nobody_borrows(Mode mode, bool tls)
    {
        var clock = new VirtualTime();
        var events = new Closings();
        await using MisbehavingServer server = StartServer(tls);
        PoolOptions options = Options(clock, events) with { MaxIdleTime = Timeout.InfiniteTimeSpan, MaxLifetime = TimeSpan.FromMinutes(1) };
        await using var manager = new PoolManager(options);
        await SendBurst(mode, manager, tls ? server.SecureUrl : server.Url);

        clock.Advance(options.MaxLifetime);

        Until(() => events.Closed.Count == Burst);
        Until(() => server.OpenConnections == 0);
    }

    [Theory, MemberData(nameof(Ways))]
    public Task A_manager_that_is_dropped_without_dispose_lets_go_of_its_sockets(Mode mode, bool tls) =>
        AssertLetsGo(mode, tls, static (options, _) => new PoolManager(options));

    [Theory, MemberData(nameof(Ways))]
    public Task A_pool_of_one_host_that_is_dropped_without_dispose_lets_go_of_its_sockets(Mode mode, bool tls) =>
        AssertLetsGo(mode, tls, static (options, server) => server.Scheme == "https"
            ? new HttpsConnectionPool(server.Host!, server.Port, options)
            : new HttpConnectionPool(server.Host!, server.Port, options));

    [Theory, MemberData(nameof(Ways))]
    public async Task An_HttpClient_that_is_dropped_without_dispose_lets_go_of_its_sockets(Mode mode, bool tls)
    {
        var events = new Closings();
        await using MisbehavingServer server = StartServer(tls);
        PoolOptions options = Options(TimeProvider.System, events);

        Assert.True(await OnThread(() => Forget(mode, options, tls ? server.SecureUrl : server.Url)));

        AssertAllClosed(server, events, 1);
    }

    private async Task AssertLetsGo(Mode mode, bool tls, Func<PoolOptions, Url, IRequestMethods> newClient)
    {
        var events = new Closings();
        await using MisbehavingServer server = StartServer(tls);
        PoolOptions options = Options(TimeProvider.System, events);

        Assert.True(await OnThread(() => Forget(mode, newClient, options, tls ? server.SecureUrl : server.Url)));

        AssertAllClosed(server, events, Burst);
    }

    // On a thread that is gone afterwards, so that no frame and no state machine holds on to the client.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Forget(Mode mode, Func<PoolOptions, Url, IRequestMethods> newClient, PoolOptions options, string url)
    {
        Task burst = SendBurst(mode, newClient(options, Url.Parse(url)), url);
        return ((IAsyncResult)burst).AsyncWaitHandle.WaitOne(Patience) && burst.IsCompletedSuccessfully;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Forget(Mode mode, PoolOptions options, string url)
    {
#pragma warning disable CA2000 // that is the point
        var client = new HttpClient(new UrllibHandler(options));
#pragma warning restore CA2000
        if (mode == Mode.Blocking)
            return client.Send(new HttpRequestMessage(HttpMethod.Get, url)).IsSuccessStatusCode;
        IAsyncResult call = client.GetAsync(url);
        return call.AsyncWaitHandle.WaitOne(Patience);
    }

    private static void AssertAllClosed(MisbehavingServer server, Closings events, int count)
    {
        Assert.Equal(count, server.Connections);
        Until(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return server.OpenConnections == 0 && events.Closed.Count == count;
        });
        Assert.All(events.Threads, static isOfPool => Assert.True(isOfPool, "A listener was told on the thread of finalizers."));
    }

    // All under way at the same time, so that each has a connection of its own.
    private static async Task SendBurst(Mode mode, IRequestMethods client, string url)
    {
        var responses = new List<UrllibResponse>();
        for (int i = 0; i < Burst; i++)
            responses.Add(await Send(mode, client, "GET", url, new() { PreloadContent = false }));
        foreach (UrllibResponse response in responses)
            await Call(mode, () => response.Drain(), () => response.DrainAsync().AsTask());
    }

    // Without a gate to wait for it is the client who has to close.
    private static MisbehavingServer StartServer(bool tls, Gate? leave = null)
    {
        Dialogue dialogue = (tls ? new Dialogue().StartTls(_certificate.ServerOptions()) : new Dialogue()).ExpectRequest().Send(Ok);
        dialogue = leave is null ? dialogue.ExpectEof() : dialogue.WaitFor(leave).Close();
        return MisbehavingServer.Start(_ => dialogue);
    }

    private static PoolManager NewManager(TimeProvider clock, HttpEvents events) => new(Options(clock, events));

    private static PoolOptions Options(TimeProvider clock, HttpEvents events) => new()
    {
        MaxSize = Burst,
        Clock = clock,
        Events = events,
        Tls = new() { CaCerts = new([_authority.Root]) },
    };

    private sealed class Closings : HttpEvents
    {
        public ConcurrentQueue<long> Closed { get; } = [];

        public ConcurrentQueue<bool> Threads { get; } = [];

        public override void ConnectionClosed(Url origin, HttpConnectionInfo connection)
        {
            Threads.Enqueue(Thread.CurrentThread.IsThreadPoolThread);
            Closed.Enqueue(connection.Id);
        }
    }
}
