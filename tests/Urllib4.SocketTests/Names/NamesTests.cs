using System.Net;
using System.Net.Sockets;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Names;

/// <summary>Names on the way to real servers: who is asked when, and what is told of it.</summary>
public sealed class NamesTests : ClientTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_dial_asks_once_and_a_connection_that_is_used_again_asks_nobody(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static n => n == 0
            ? new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Send(Ok.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)).Eof()
            : new Dialogue().ExpectRequest().Send(Ok));
        var directory = new Directory(server.EndPoint);
        var told = new Listener();
        using var manager = new PoolManager(new PoolOptions { Resolver = directory, Events = told });
        string url = $"http://a.test:{server.Port}/";

        UrllibResponse[] all = [await Explained(mode, manager, url), await Explained(mode, manager, url), await Explained(mode, manager, url)];

        Assert.Equal(["Resolver", "", "Memory"], all.Select(static r => string.Join(",", r.Report!.Attempts[0].Names.Select(static n => n.Source))));
        Assert.Equal(["Resolver", "Memory"], told.Names.Select(static n => $"{n.Source}"));
        Assert.Contains("; a.test from memory, ", $"{all[2].Report}", StringComparison.Ordinal);
        Assert.Equal(1, directory.Asked);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_name_of_a_proxy_is_remembered_too(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Send(Ok));
        var directory = new Directory(proxy.EndPoint);
        using var manager = new PoolManager(new PoolOptions
        {
            Resolver = directory, Proxy = $"http://p.test:{proxy.Port}", MaxLifetime = TimeSpan.Zero,
        });
        await Explained(mode, manager, "http://a.test/");
        UrllibResponse second = await Explained(mode, manager, "http://b.test/");
        Assert.Equal(("p.test", NameSource.Memory), (second.Report!.Attempts[0].Names[0].Host, second.Report.Attempts[0].Names[0].Source));
        Assert.Equal(1, directory.Asked);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_name_whose_resolver_fails_serves_on_and_the_listeners_hear_why(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Send(Ok));
        var directory = new Directory(server.EndPoint);
        var clock = new VirtualTime();
        var told = new Listener();
        using var manager = new PoolManager(new PoolOptions { Resolver = directory, Events = told, Clock = clock, MaxLifetime = TimeSpan.Zero });
        string url = $"http://a.test:{server.Port}/";
        await Explained(mode, manager, url);
        clock.Advance(TimeSpan.FromMinutes(2));
        directory.Failure = new SocketException((int)SocketError.TryAgain);

        UrllibResponse response = await Explained(mode, manager, url);

        ResolvedName name = Assert.Single(response.Report!.Attempts[0].Names);
        Assert.Equal(
            (NameSource.Stale, TimeSpan.FromMinutes(2), "the resolver could not be reached"), (name.Source, name.Age, name.Failure));
        Assert.Equal(name, told.Names[^1]);
        directory.Failure = new SocketException((int)SocketError.HostNotFound);
        clock.Advance(TimeSpan.FromSeconds(1));
        Exception? gone = await Record.ExceptionAsync(() => Send(mode, manager, "GET", url, new() { Retries = Retry.None }));
        Assert.IsType<NameResolutionException>(gone);
        AssertAtRest(manager);
    }

    private static Task<UrllibResponse> Explained(Mode mode, PoolManager manager, string url) =>
        Send(mode, manager, "GET", url, new() { Explain = true });

    private sealed class Directory(IPEndPoint endpoint) : Resolver
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public Exception? Failure { get; set; }

        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port)
        {
            Interlocked.Increment(ref _asked);
            return Failure is null ? [endpoint] : throw Failure;
        }
    }

    private sealed class Listener : HttpEvents
    {
        private readonly List<ResolvedName> _names = [];

        public IReadOnlyList<ResolvedName> Names
        {
            get
            {
                lock (_names)
                    return [.. _names];
            }
        }

        public override void Resolved(HttpAttempt attempt, ResolvedName name)
        {
            lock (_names)
                _names.Add(name);
        }
    }
}
