using System.Net;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>
/// Every limit, run into over real sockets: each has its own error, and leaves a pool that works. The time is virtual, and passes once the
/// call is in the phase that the limit is about, so that a slow machine runs into no other one.
/// </summary>
public sealed class TimeoutTests : ClientTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromMilliseconds(250);

    private readonly VirtualTime _clock = new();
    private readonly PhaseWatch _phases = new();

    // What a limit must never be mistaken for.
    private static readonly HttpTimeout _long = HttpTimeout.Default with { Continue = TimeSpan.FromSeconds(20) };

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_full_pool(Mode mode)
    {
        using HttpBinServer server = HttpBinServer.Start();
        await using var manager = new PoolManager(Options with { MaxSize = 1, Block = true });
        UrllibResponse held = await Send(mode, manager, "GET", server.Url + "/bytes/100", new() { PreloadContent = false });

        PoolTimeoutException e = await RunsOut<PoolTimeoutException>(
            () => Send(mode, manager, "GET", server.Url + "/get", With(_long with { Pool = _limit })), HttpPhase.PoolWait, server.Url + "/get");

        Assert.Null(e.Connection);
        Assert.Null(e.NotRetriedBecause);
        held.Dispose();
        await Works(mode, manager, server.Url + "/get");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_full_pool_under_the_deadline(Mode mode)
    {
        using HttpBinServer server = HttpBinServer.Start();
        await using var manager = new PoolManager(Options with { MaxSize = 1, Block = true });
        await using UrllibResponse held = await Send(mode, manager, "GET", server.Url + "/bytes/100", new() { PreloadContent = false });

        await RunsOut<TotalTimeoutException>(
            () => Send(mode, manager, "GET", server.Url, With(_long with { Total = _limit })), HttpPhase.PoolWait, server.Url);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_resolver_that_hangs(Mode mode)
    {
        using HttpBinServer server = HttpBinServer.Start();
        var resolver = new StuckResolver("stuck.test", new IPEndPoint(IPAddress.Loopback, server.Port));
        await using var manager = new PoolManager(Options with { Resolver = resolver });

        await RunsOut<NameResolutionTimeoutException>(
            () => Send(mode, manager, "GET", "http://stuck.test/", With(_long with { Resolve = _limit })),
            HttpPhase.Resolve,
            "http://stuck.test/");

        resolver.Gate.Open();
        await Works(mode, manager, "http://stuck.test/get");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_black_hole(Mode mode)
    {
        using var hole = new BlackHole();
        using HttpBinServer server = HttpBinServer.Start();
        await using var manager = new PoolManager(Options with { MaxSize = 1, Block = true });
        string url = $"http://{hole.EndPoint}/";

        await RunsOut<ConnectTimeoutException>(
            () => Send(mode, manager, "GET", url, With(_long with { Connect = _limit })), HttpPhase.Connect, url);
        await RunsOut<TotalTimeoutException>(() => Send(mode, manager, "GET", url, With(_long with { Total = _limit })), HttpPhase.Connect, url);

        await Works(mode, manager, server.Url + "/get");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_handshake_that_stalls(Mode mode)
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = authority.Issue("localhost");
        await using var server = MisbehavingServer.Start(
            new Dialogue().Stall(), new Dialogue().StartTls(certificate).ExpectRequest().Send(Ok));
        await using var manager = new PoolManager(
            Options with { MaxSize = 1, Block = true, Tls = new() { CaCerts = new([authority.Root]) } });

        await RunsOut<TlsTimeoutException>(
            () => Send(mode, manager, "GET", server.SecureUrl, With(_long with { Tls = _limit })), HttpPhase.Tls, server.SecureUrl);

        await Works(mode, manager, server.SecureUrl);
    }

    [Theory]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Asynchronous, false)]
    [InlineData(Mode.Asynchronous, true)]
    public async Task An_upload_that_is_stuck(Mode mode, bool inMemory)
    {
        await using var server = MisbehavingServer.Start(
            static n => n == 0 ? new Dialogue().ExpectHead().StopReadingAfter(1) : new Dialogue().ExpectRequest().Send(Ok),
            null,
            receiveBuffer: 4096);
        await using var manager = new PoolManager();
        byte[] data = new byte[32 * 1024 * 1024];
        RequestBody body = inMemory ? data : RequestBody.Create(() => new MemoryStream(data), data.Length);

        // In real time: a send of the system's that was interrupted does not go on. It is stuck from the start, whatever the machine does.
        SendTimeoutException e = await Fails<SendTimeoutException>(
            Send(mode, manager, "POST", server.Url, With(_long with { Send = _limit }) with { Body = body }));

        AssertRanOut(e, HttpPhase.Send, server.Url, Patience);

        Assert.True(e.ServerMayHaveActed);
        Assert.NotNull(e.Connection);
        Assert.Matches("the POST was not resent because [0-9]+ body bytes had left", e.NotRetriedBecause);
        await Works(mode, manager, server.Url);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_head_that_does_not_come(Mode mode)
    {
        await using MisbehavingServer server = First(new Dialogue().ExpectRequest().Stall());
        await using var manager = new PoolManager(Options);

        ReadTimeoutException e = await RunsOut<ReadTimeoutException>(
            () => Send(mode, manager, "POST", server.Url, With(_long with { Read = _limit })), HttpPhase.Head, server.Url);

        Assert.Equal("the POST was not resent because all of it had left", e.NotRetriedBecause);
        Assert.Equal(server.Port, Assert.IsType<IPEndPoint>(e.Connection?.RemoteEndPoint).Port);
        await Works(mode, manager, server.Url);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_head_that_drips(Mode mode)
    {
        await using MisbehavingServer server = First(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\n")
                .Loop(static d => d.Send("a: b\r\n").Delay(TimeSpan.FromMilliseconds(10))));
        await using var manager = new PoolManager(
            Options with { Limits = new() { MaxHeaderLines = 100_000, MaxHeaderBytes = 10_000_000 } });

        await RunsOut<ReadTimeoutException>(
            () => Send(mode, manager, "GET", server.Url, With(_long with { Head = _limit })), HttpPhase.Head, server.Url);

        await Works(mode, manager, server.Url);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_falls_silent(Mode mode)
    {
        await using MisbehavingServer server = First(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").Stall());
        await using var manager = new PoolManager(Options);

        ReadTimeoutException e = await RunsOut<ReadTimeoutException>(
            () => Send(mode, manager, "GET", server.Url, With(_long with { Read = _limit })), HttpPhase.Body, server.Url);

        Assert.Equal("the GET was not resent because the response had begun", e.NotRetriedBecause);
        await Works(mode, manager, server.Url);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_drips_past_the_deadline(Mode mode)
    {
        await using MisbehavingServer server = First(Dripping());
        await using var manager = new PoolManager(Options);

        await RunsOut<TotalTimeoutException>(
            () => Send(mode, manager, "GET", server.Url, With(_long with { Total = _limit })), HttpPhase.Body, server.Url);

        await Works(mode, manager, server.Url);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_streamed_body_that_drips_past_the_deadline(Mode mode)
    {
        await using MisbehavingServer server = First(Dripping());
        await using var manager = new PoolManager(Options);
        await using UrllibResponse response = await Send(
            mode, manager, "GET", server.Url, With(_long with { Total = _limit }) with { PreloadContent = false });

        TotalTimeoutException e = await RunsOut<TotalTimeoutException>(() => ReadAll(mode, response), null, server.Url);

        Assert.NotNull(e.Connection);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_comes_too_slowly(Mode mode)
    {
        await using MisbehavingServer server = First(Dripping());
        await using var manager = new PoolManager(Options);
        HttpTimeout timeout = _long with { MinimumBytesPerSecond = 10_000, ThroughputWindow = _limit };

        ThroughputException e = await RunsOut<ThroughputException>(
            () => Send(mode, manager, "GET", server.Url, With(timeout)), HttpPhase.Body, server.Url);

        Assert.StartsWith("Only ", e.Message, StringComparison.Ordinal);
        await Works(mode, manager, server.Url);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_caller_who_reads_slowly_runs_into_no_limit(Mode mode)
    {
        var gate = new Gate();
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc").WaitFor(gate).Send("def"));
        await using var manager = new PoolManager(Options);
        TimeSpan limit = TimeSpan.FromMilliseconds(100);
        HttpTimeout timeout = _long with { Read = limit, MinimumBytesPerSecond = 1, ThroughputWindow = limit };
        await using UrllibResponse response = await Send(mode, manager, "GET", server.Url, With(timeout) with { PreloadContent = false });

        // No byte is asked for in this time, so none can be late.
        _clock.Advance(limit * 3);
        gate.Open();

        Assert.Equal("abcdef"u8.ToArray(), await ReadAll(mode, response));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_dialed_in_the_other_mode_has_its_limits_too(Mode mode)
    {
        Mode other = 1 - mode;
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Stall());
        await using var manager = new PoolManager(Options with { MaxSize = 1, Block = true });
        await Send(other, manager, "GET", server.Url);

        ReadTimeoutException e = await RunsOut<ReadTimeoutException>(
            () => Send(mode, manager, "GET", server.Url, With(_long with { Read = _limit })), HttpPhase.Head, server.Url);

        Assert.True(e.Connection?.IsReused);
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_longest_limits_there_are_are_no_mistake(Mode mode)
    {
        using HttpBinServer server = HttpBinServer.Start();
        TimeSpan ages = TimeSpan.MaxValue;
        HttpTimeout timeout = new() { Pool = ages, Resolve = ages, Connect = ages, Send = ages, Read = ages, Total = ages };
        await using var manager = new PoolManager(new PoolOptions { Timeout = timeout, Resolver = Everywhere(server.Port, "a.test") });

        await Works(mode, manager, "http://a.test/get");
        await Works(mode, manager, "http://a.test/get");
    }

    private static Dialogue Dripping() => new Dialogue().ExpectRequest()
        .Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        .Loop(static d => d.Send("1\r\nx\r\n").Delay(TimeSpan.FromMilliseconds(10)));

    /// <summary>A server whose first connection follows a script, and whose others behave.</summary>
    private static MisbehavingServer First(Dialogue dialogue) =>
        MisbehavingServer.Start(n => n == 0 ? dialogue : new Dialogue().ExpectRequest().Send(Ok));

    private static RequestOptions With(HttpTimeout timeout) => new() { Timeout = timeout, Retries = Retry.None };

    private PoolOptions Options => new() { Clock = _clock, Events = _phases };

    /// <summary>Lets time pass once the call is in a phase, null for one that is already, until a limit ends it.</summary>
    private async Task<T> RunsOut<T>(Func<Task> begin, HttpPhase? phase, string url)
        where T : HttpTimeoutException
    {
        _phases.Current = null;
        long began = _clock.GetTimestamp();
        Task call = begin();
        if (phase is not null)
            Until(() => _phases.Current == phase || call.IsCompleted);
        await PassTime(_clock, _limit, call);
        T e = Assert.IsType<T>(await Record.ExceptionAsync(() => call));
        AssertRanOut(e, phase ?? HttpPhase.Body, url, _clock.GetElapsedTime(began));
        return e;
    }

    private static void AssertRanOut(HttpTimeoutException e, HttpPhase phase, string url, TimeSpan passed)
    {
        Assert.Equal(phase, e.Phase);
        Assert.Equal(_limit, e.Limit);
        Assert.InRange(e.Elapsed, _limit, passed);
        Assert.Equal(Url.Parse(url), e.Url);
        Assert.True(e.IsTransient);
    }

    private static async Task Works(Mode mode, PoolManager manager, string url)
    {
        AssertAtRest(manager);
        Assert.Equal(200, (await Send(mode, manager, "GET", url)).Status);
    }

    /// <summary>Knows in which phase the call is.</summary>
    private sealed class PhaseWatch : HttpEvents
    {
        private int _current = -1;

        public HttpPhase? Current
        {
            get => Volatile.Read(ref _current) is >= 0 and int phase ? (HttpPhase)phase : null;
            set => Volatile.Write(ref _current, value is { } phase ? (int)phase : -1);
        }

        public override void PhaseStarted(HttpAttempt attempt, HttpPhase phase) => Current = phase;
    }

    private sealed class StuckResolver(string host, IPEndPoint endpoint) : Resolver
    {
        public Gate Gate { get; } = new();

        public override IReadOnlyList<IPEndPoint> Resolve(string host1, int port)
        {
            Gate.Wait(TimeSpan.FromMinutes(1));
            return host1 == host ? [endpoint] : [];
        }

        public override async ValueTask<IReadOnlyList<IPEndPoint>> ResolveAsync(string host1, int port, CancellationToken cancellationToken)
        {
            // Deaf to the token, as the system's own resolver is.
            await OnThread(() => Resolve(host1, port));
            return Resolve(host1, port);
        }
    }
}
