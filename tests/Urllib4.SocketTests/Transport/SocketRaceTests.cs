using System.Net;
using System.Net.Sockets;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>Hosts with several addresses, of which not all answer.</summary>
public sealed class SocketRaceTests : ClientTests
{
    private const string Faster = "another address was faster";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_silent_address_is_passed_by_and_the_winner_leads_next_time(Mode mode)
    {
        using var silent = new SilentAddress();
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Send(Ok).Close());
        using PoolManager client = Client(silent.EndPoint, server.EndPoint);

        AttemptReport first = await Report(mode, client);
        AttemptReport second = await Report(mode, client);

        Assert.Equal([(silent.EndPoint, Faster), (server.EndPoint, null)], Told(first));
        Assert.True(first.Addresses[1].After >= TimeSpan.FromMilliseconds(250), $"{first.Addresses[1]}");
        Assert.Equal([(server.EndPoint, null)], Told(second));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_address_that_refuses_costs_no_head_start_and_families_take_turns(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Send(Ok).Close());
        var refusing = new IPEndPoint(IPAddress.IPv6Loopback, FreePort());
        var behind = new IPEndPoint(IPAddress.IPv6Loopback, FreePort());
        using PoolManager client = Client(TimeSpan.FromHours(1), refusing, behind, server.EndPoint);

        Assert.Equal([(refusing, "refused"), (server.EndPoint, null)], Told(await Report(mode, client)));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task When_all_refuse_one_exception_says_so_of_each(Mode mode)
    {
        var one = new IPEndPoint(IPAddress.Loopback, FreePort());
        var other = new IPEndPoint(IPAddress.Parse("127.0.0.2"), FreePort());
        using PoolManager client = Client(one, other);

        var e = await Assert.ThrowsAsync<NewConnectionException>(() => Send(mode, client, "GET", "http://a.test/"));

        Assert.Contains($"({one}: refused; {other}: refused)", e.Message, StringComparison.Ordinal);
        AssertAtRest(client);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task When_all_are_silent_the_limit_ends_the_race_and_every_address_had_its_turn(Mode mode)
    {
        using var one = new SilentAddress();
        using var other = new SilentAddress();
        using PoolManager client = Client(one.EndPoint, other.EndPoint);
        var options = new RequestOptions { Explain = true, Timeout = new HttpTimeout { Connect = TimeSpan.FromMilliseconds(300) } };

        var e = await Assert.ThrowsAsync<ConnectTimeoutException>(() => Send(mode, client, "GET", "http://a.test/", options));

        Assert.Equal([(one.EndPoint, "no answer"), (other.EndPoint, "no answer")], Told(e.Report!.Attempts[0]));
        Assert.Contains($"{other.EndPoint}: no answer", e.InnerException!.Message, StringComparison.Ordinal);
        AssertAtRest(client);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_caller_who_gives_up_ends_the_race(Mode mode)
    {
        using var one = new SilentAddress();
        using var other = new SilentAddress();
        using PoolManager client = Client(one.EndPoint, other.EndPoint);
        using var giveUp = new CancellationTokenSource();
        var options = new RequestOptions { Timeout = Endless };

        Task<UrllibResponse> call = Send(mode, client, "GET", "http://a.test/", options, giveUp.Token);
        Until(() => client.Pools.Any(static p => p.Value.Snapshot().Dialing == 1));
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        AssertAtRest(client);
    }

    private static PoolManager Client(params IPEndPoint[] endpoints) => Client(TimeSpan.FromMilliseconds(250), endpoints);

    private static PoolManager Client(TimeSpan headStart, params IPEndPoint[] endpoints) => new(new PoolOptions
    {
        Resolver = new Answer(endpoints),
        ConnectHeadStart = headStart,
        Retries = Retry.None,
        Timeout = new HttpTimeout { Connect = TimeSpan.FromHours(5) },
    });

    private static async Task<AttemptReport> Report(Mode mode, PoolManager client) =>
        (await Send(mode, client, "GET", "http://a.test/", new RequestOptions { Explain = true })).Report!.Attempts[0];

    private static (IPEndPoint, string?)[] Told(AttemptReport report) => [.. report.Addresses.Select(static a => (a.EndPoint, a.Failure))];

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private sealed class Answer(IPEndPoint[] endpoints) : Resolver
    {
        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port) => endpoints;
    }

    /// <summary>A listener whose queue is full, so that the system drops what comes.</summary>
    private sealed class SilentAddress : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        public SilentAddress()
        {
            Socket listener = Add();
            listener.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.3"), 0));
            listener.Listen(0);
            EndPoint = (IPEndPoint)listener.LocalEndPoint!;
            Add().Connect(EndPoint);
        }

        public IPEndPoint EndPoint { get; }

        public void Dispose() => _sockets.ForEach(static s => s.Dispose());

        private Socket Add()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(socket);
            return socket;
        }
    }
}
