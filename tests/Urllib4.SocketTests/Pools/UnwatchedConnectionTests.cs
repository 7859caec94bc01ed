using System.Collections.Concurrent;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Pools;

/// <summary>Idle connections on which nobody sends anything any more.</summary>
public sealed class UnwatchedConnectionTests : ClientTests
{
    private const int Burst = 20;

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

    // All under way at the same time, so that each has a connection of its own.
    private static async Task SendBurst(Mode mode, PoolManager manager, string url)
    {
        var responses = new List<UrllibResponse>();
        for (int i = 0; i < Burst; i++)
            responses.Add(await Send(mode, manager, "GET", url, new() { PreloadContent = false }));
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

    private static PoolManager NewManager(TimeProvider clock, HttpEvents events) => new(new PoolOptions
    {
        MaxSize = Burst,
        Clock = clock,
        Events = events,
        Tls = new() { CaCerts = new([_authority.Root]) },
    });

    private sealed class Closings : HttpEvents
    {
        public ConcurrentQueue<long> Closed { get; } = [];

        public override void ConnectionClosed(Url origin, HttpConnectionInfo connection) => Closed.Enqueue(connection.Id);
    }
}
