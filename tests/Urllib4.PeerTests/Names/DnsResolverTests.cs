using System.Net;
using System.Net.Sockets;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests.Names;

/// <summary>The package Urllib4.Dns, and what is remembered of its answers, with a name server that changes its mind.</summary>
public sealed class DnsResolverTests(Peers peers) : ClientTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task Addresses_come_with_their_time_those_of_IPv6_first(Mode mode)
    {
        using var server = DnsmasqPeer.With("127.0.0.1 a.test", "127.0.0.2 a.test", "::1 a.test", "127.0.0.3 four.test", "::2 six.test");
        var resolver = new DnsResolver(server.EndPoint);

        NameAnswer answer = await Lookup(mode, resolver, "a.test");

        Assert.Equal("[::1]:81", $"{answer.EndPoints[0]}");
        Assert.Equal(["127.0.0.1:81", "127.0.0.2:81"], answer.EndPoints.Skip(1).Select(static e => $"{e}").Order(StringComparer.Ordinal));
        Assert.Equal(TimeSpan.FromSeconds(DnsmasqPeer.TimeToLive), answer.TimeToLive);
        Assert.Equal("127.0.0.3:81 for 20 s", $"{await Lookup(mode, resolver, "FOUR.test.")}");
        Assert.Equal("[::2]:81 for 20 s", $"{await Lookup(mode, resolver, "six.test")}");
        Assert.Equal($"DnsResolver {server.EndPoint}", $"{resolver}");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_alias_holds_no_longer_than_itself(Mode mode)
    {
        using var server = DnsmasqPeer.With("127.0.0.1 a.test");
        NameAnswer answer = await Lookup(mode, new DnsResolver(server.EndPoint), "alias.test");
        Assert.Equal($"127.0.0.1:81 for {DnsmasqPeer.AliasTimeToLive} s", $"{answer}");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_name_that_does_not_exist_is_an_answer_and_a_server_that_refuses_is_a_failure(Mode mode)
    {
        using var server = DnsmasqPeer.With("127.0.0.1 a.test");
        var resolver = new DnsResolver(server.EndPoint);
        Assert.Empty((await Lookup(mode, resolver, "nowhere.test")).EndPoints);
        var e = await Assert.ThrowsAsync<NameResolutionException>(() => Lookup(mode, resolver, "example.com"));
        Assert.Contains("answered Refused", e.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_is_not_there_is_a_failure(Mode mode)
    {
        using var server = DnsmasqPeer.With();
        server.Stop();
        var e = await Assert.ThrowsAsync<NameResolutionException>(() => Lookup(mode, new DnsResolver(server.EndPoint), "a.test"));
        Assert.NotNull(e.InnerException);
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_wait_for_a_server_that_says_nothing()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var cancel = new CancellationTokenSource();
        ValueTask<NameAnswer> asking = new DnsResolver((IPEndPoint)silent.LocalEndPoint!).LookupAsync("a.test", 80, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.AsTask());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.")]
    [InlineData("a.localhost")]
    public async Task This_machine_is_known_without_a_server(string host)
    {
        using var server = DnsmasqPeer.With();
        server.Stop();
        foreach (Mode mode in Enum.GetValues<Mode>())
            Assert.Equal("[::1]:81, 127.0.0.1:81", $"{await Lookup(mode, new DnsResolver(server.EndPoint), host)}");
    }

    [Fact]
    public void No_server_is_null()
    {
        Assert.Throws<ArgumentNullException>(() => new DnsResolver((IPEndPoint)null!));
        Assert.Throws<ArgumentNullException>(() => new DnsResolver((IReadOnlyList<IPEndPoint>)null!));
        Assert.Throws<ArgumentNullException>(() => new DnsResolver((DnsClient.ILookupClient)null!));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_manager_follows_a_name_that_moves_when_its_time_is_over(Mode mode)
    {
        using var server = DnsmasqPeer.With("127.0.0.1 a.test");
        var clock = new VirtualTime();
        using var manager = Manager(server, clock);
        string url = $"http://a.test:{peers.Nginx.Port}/small.txt";

        Assert.Equal((NameSource.Resolver, "127.0.0.1"), Facts(await Send(mode, manager, "GET", url, new() { Explain = true })));
        server.Change("127.0.0.9 a.test");
        clock.Advance(TimeSpan.FromSeconds(DnsmasqPeer.TimeToLive / 2));
        Assert.Equal((NameSource.Memory, "127.0.0.1"), Facts(await Send(mode, manager, "GET", url, new() { Explain = true })));
        clock.Advance(TimeSpan.FromSeconds(DnsmasqPeer.TimeToLive / 2));
        var moved = await Assert.ThrowsAsync<NewConnectionException>(() => Send(mode, manager, "GET", url, new() { Explain = true }));
        Assert.Contains("127.0.0.9", moved.Message, StringComparison.Ordinal);
        Assert.Equal(NameSource.Resolver, moved.Report!.Attempts[0].Names[0].Source);
        // It led nowhere, so the server is asked again at once.
        server.Change("127.0.0.1 a.test");
        Assert.Equal((NameSource.Resolver, "127.0.0.1"), Facts(await Send(mode, manager, "GET", url, new() { Explain = true })));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_name_serves_on_when_its_server_is_gone_and_the_report_and_the_events_say_so(Mode mode)
    {
        using var server = DnsmasqPeer.With("127.0.0.1 a.test");
        var clock = new VirtualTime();
        var log = new StringWriter();
        using var manager = Manager(server, clock, new WireLog(log));
        string url = $"http://a.test:{peers.Nginx.Port}/small.txt";
        await Send(mode, manager, "GET", url);
        server.Stop();
        clock.Advance(TimeSpan.FromMinutes(5));

        UrllibResponse response = await Send(mode, manager, "GET", url, new() { Explain = true });

        Assert.Equal((NameSource.Stale, "127.0.0.1"), Facts(response));
        Assert.Contains("; a.test stale, 300 s old: ", $"{response.Report}", StringComparison.Ordinal);
        Assert.Contains("* a.test is 127.0.0.1:", $"{log}", StringComparison.Ordinal);
        Assert.Contains(" (stale, 300 s old: ", $"{log}", StringComparison.Ordinal);
    }

    private static PoolManager Manager(DnsmasqPeer server, VirtualTime clock, HttpEvents? events = null) => new(new PoolOptions
    {
        Resolver = new DnsResolver(server.EndPoint), Clock = clock, MaxLifetime = TimeSpan.Zero, Retries = Retry.None, Events = events,
    });

    private static (NameSource Source, string Address) Facts(UrllibResponse response)
    {
        ResolvedName name = Assert.Single(response.Report!.Attempts[0].Names);
        return (name.Source, $"{Assert.Single(name.EndPoints).Address}");
    }

    private static Task<NameAnswer> Lookup(Mode mode, Resolver resolver, string host) =>
        Call(mode, () => resolver.Lookup(host, 81), () => resolver.LookupAsync(host, 81, CancellationToken.None).AsTask());
}
