using Urllib4.TestKit;

namespace Urllib4.Tests.Transport;

/// <summary>A whole manager over a dialer, in memory and on virtual time.</summary>
public sealed class DialerTests : ModeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static readonly TimeSpan _guard = TimeSpan.FromMinutes(2);

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_manager_works_over_a_dialer_and_uses_its_streams_again(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var manager = new PoolManager(OptionsOf(dialer));

        for (int i = 0; i < 3; i++)
            Assert.Equal("ok", (await Get(mode, manager, "http://Example.com:8080/")).Text());

        DialTarget target = Assert.Single(dialer.Targets);
        Assert.Equal(("example.com", 8080, "example.com:8080"), (target.Host, target.Port, target.ToString()));
        Assert.Equal(3, dialer.Peers[0].Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_address_reaches_the_dialer_without_brackets(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest().Send(Ok));
        using var manager = new PoolManager(OptionsOf(dialer));
        await Get(mode, manager, "http://[::1]/");
        Assert.Equal(("::1", "[::1]:80"), (dialer.Targets[0].Host, dialer.Targets[0].ToString()));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_zone_reaches_the_dialer_and_nobody_else(Mode mode)
    {
        var dialer = new MemoryDialer(
            new Dialogue().ExpectRequest().Send(Ok), new Dialogue().ExpectRequest().Send(Ok), new Dialogue().ExpectRequest().Send(Ok));
        using var manager = new PoolManager(OptionsOf(dialer));

        await Get(mode, manager, "http://[fe80::1%25eth0]:81/x");
        await Get(mode, manager, "http://[FE80::1%eth1]:81/x");
        UrllibResponse forwarded = await Call(
            mode,
            () => manager.Request("GET", "http://[fe80::1%25eth0]/x", new() { Proxy = "http://[fe80::2%25eth1]:3128" }),
            () => manager.RequestAsync("GET", "http://[fe80::1%25eth0]/x", new() { Proxy = "http://[fe80::2%25eth1]:3128" }));

        Assert.Equal(200, forwarded.Status);
        Assert.Equal(["fe80::1%eth0", "fe80::1%eth1", "fe80::2%eth1"], dialer.Targets.Select(static t => t.Host));
        Assert.Equal(
            [("/x", "[fe80::1]:81"), ("/x", "[fe80::1]:81"), ("http://[fe80::1]/x", "[fe80::1]")],
            dialer.Peers.Select(static p => (p.Requests[0].Target, p.Requests[0]["Host"])));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_redirect_of_a_server_that_does_not_know_its_zone_stays_in_it(Mode mode)
    {
        var dialer = new MemoryDialer(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: http://[fe80::1]/a%2fb\r\nContent-Length: 0\r\n\r\n")
                .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /c\r\nContent-Length: 0\r\n\r\n").ExpectRequest().Send(Ok));
        using var manager = new PoolManager(OptionsOf(dialer) with { Retries = Retry.Default });

        await Get(mode, manager, "http://[fe80::1%25eth0]/");

        Assert.Equal("fe80::1%eth0", Assert.Single(dialer.Targets).Host);
        Assert.Equal(["/", "/a%2fb", "/c"], dialer.Peers[0].Requests.Select(static r => r.Target));
    }

    [Theory]
    [InlineData(Mode.Blocking, "http://[fe80::1%25eth0]/", "http://[fe80::1%25eth1]/")]
    [InlineData(Mode.Asynchronous, "http://[fe80::1%25eth0]/", "//[fe80::2%25eth0]/")]
    [InlineData(Mode.Blocking, "http://example.com/", "http://[fe80::1%25eth0]/")]
    public async Task A_server_does_not_choose_an_interface_of_this_machine(Mode mode, string url, string location)
    {
        var dialer = new MemoryDialer(
            new Dialogue().ExpectRequest().Send($"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"));
        using var manager = new PoolManager(OptionsOf(dialer) with { Retries = Retry.Default });

        var error = await Assert.ThrowsAsync<RedirectException>(() => Get(mode, manager, url));

        Assert.Equal(RedirectRule.UnusableLocation, error.Rule);
        Assert.Single(dialer.Targets);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_is_dialed_by_it_too(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest().Send(Ok));
        using var manager = new PoolManager(OptionsOf(dialer) with { Proxy = "http://proxy.example:3128" });
        await Get(mode, manager, "http://example.com/");
        Assert.Equal("proxy.example:3128", dialer.Targets[0].ToString());
        Assert.Equal("http://example.com/", dialer.Peers[0].Requests[0].Target);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_a_dialer_throws_is_a_connection_that_could_not_be_made(Mode mode)
    {
        var cause = new InvalidOperationException("the cable is out");
        using var manager = new PoolManager(OptionsOf(new BrokenDialer(() => throw cause)));
        var error = await Assert.ThrowsAsync<NewConnectionException>(() => Get(mode, manager, "http://example.com/"));
        Assert.Same(cause, error.InnerException);
        const string Expected = "No connection to example.com could be made (BrokenDialer: the cable is out)";
        Assert.Contains(Expected, error.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_a_dialer_throws_is_tried_again_as_often_as_retries_say(Mode mode)
    {
        int dials = 0;
        var dialer = new BrokenDialer(() => ++dials < 3 ? throw new IOException("not yet") : Peer(Ok));
        using var manager = new PoolManager(OptionsOf(dialer) with { Retries = new Retry { Connect = 2, BackoffFactor = 0 } });
        Assert.Equal(200, (await Get(mode, manager, "http://example.com/")).Status);
        Assert.Equal(3, dials);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_error_of_ours_that_a_dialer_throws_stays_what_it_is(Mode mode)
    {
        var own = new NameResolutionException("example.com", "it is secret");
        using var manager = new PoolManager(OptionsOf(new BrokenDialer(() => throw own)));
        await Assert.ThrowsAsync<NameResolutionException>(() => Get(mode, manager, "http://example.com/"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_dialer_without_a_usable_stream_is_an_error(Mode mode)
    {
        using var none = new PoolManager(OptionsOf(new BrokenDialer(() => null!)));
        var error = await Assert.ThrowsAsync<NewConnectionException>(() => Get(mode, none, "http://example.com/"));
        Assert.Contains("BrokenDialer: it gave no stream", error.Message, StringComparison.Ordinal);

        var readOnly = new MemoryStream([], writable: false);
        using var half = new PoolManager(OptionsOf(new BrokenDialer(() => readOnly)));
        error = await Assert.ThrowsAsync<NewConnectionException>(() => Get(mode, half, "http://example.com/"));
        Assert.Contains("its stream cannot be both read and written", error.Message, StringComparison.Ordinal);
        Assert.False(readOnly.CanRead); // disposed
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_limit_of_the_connect_phase_ends_a_dial(Mode mode)
    {
        var dialer = new PatientDialer();
        var clock = new VirtualTime();
        var timeout = new HttpTimeout { Connect = TimeSpan.FromSeconds(3) };
        using var manager = new PoolManager(new PoolOptions { Dialer = dialer, Clock = clock, Timeout = timeout, Retries = Retry.None });
        Task<UrllibResponse> call = Get(mode, manager, "http://example.com/");
        await dialer.Begun.WaitAsync(_guard);

        clock.Advance(TimeSpan.FromSeconds(3));

        var error = await Assert.ThrowsAsync<ConnectTimeoutException>(() => call);
        Assert.Equal(TimeSpan.FromSeconds(3), error.Limit);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_deadline_of_the_call_ends_a_dial(Mode mode)
    {
        var dialer = new PatientDialer();
        var clock = new VirtualTime();
        var timeout = new HttpTimeout { Total = TimeSpan.FromSeconds(2) };
        using var manager = new PoolManager(new PoolOptions { Dialer = dialer, Clock = clock, Timeout = timeout, Retries = Retry.None });
        Task<UrllibResponse> call = Get(mode, manager, "http://example.com/");
        await dialer.Begun.WaitAsync(_guard);

        clock.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<TotalTimeoutException>(() => call);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_caller_who_gives_up_ends_a_dial(Mode mode)
    {
        var dialer = new PatientDialer();
        using var cancellation = new CancellationTokenSource();
        using var manager = new PoolManager(OptionsOf(dialer));
        Task<UrllibResponse> call = Get(mode, manager, "http://example.com/", cancellation.Token);
        await dialer.Begun.WaitAsync(_guard);

        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancellation.Token, error.CancellationToken);
    }

    [Fact]
    public async Task A_stream_that_comes_too_late_is_disposed()
    {
        var stream = new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously);
        var dialer = new DeafDialer(stream.Task);
        var clock = new VirtualTime();
        using var manager = new PoolManager(new PoolOptions { Dialer = dialer, Clock = clock, Retries = Retry.None });
        Task<UrllibResponse> call = manager.RequestAsync("GET", "http://example.com/");
        clock.Advance(HttpTimeout.Default.Connect);
        await Assert.ThrowsAsync<ConnectTimeoutException>(() => call);

        var late = new WatchedStream();
        stream.SetResult(late);

        await late.Disposed.WaitAsync(_guard);
    }

    [Fact]
    public void A_target_says_which_argument_is_wrong()
    {
        Assert.Equal("Host", Assert.Throws<ArgumentException>(() => new DialTarget("", 80)).ParamName);
        Assert.Equal("Host", Assert.Throws<ArgumentNullException>(() => new DialTarget(null!, 80)).ParamName);
        Assert.Equal("Port", Assert.Throws<ArgumentOutOfRangeException>(() => new DialTarget("a", -1)).ParamName);
        Assert.Equal("Port", Assert.Throws<ArgumentOutOfRangeException>(() => new DialTarget("a", 80) with { Port = 65536 }).ParamName);
    }

    [Fact]
    public void Pools_of_different_dialers_are_told_apart()
    {
        PoolOptions one = OptionsOf(new UnixSocketDialer("/run/a.sock"));
        PoolOptions same = OptionsOf(new UnixSocketDialer("/run/a.sock"));
        PoolOptions other = OptionsOf(new UnixSocketDialer("/run/b.sock"));
        Assert.Equal(KeyOf(one), KeyOf(same));
        Assert.NotEqual(KeyOf(one), KeyOf(other));
        Assert.Equal("http://example.com:80 (dialed by UnixSocketDialer)", KeyOf(one).ToString());
    }

    [Fact]
    public void A_path_that_no_socket_can_have_is_refused()
    {
        Assert.Equal("path", Assert.Throws<ArgumentException>(() => new UnixSocketDialer("")).ParamName);
        Assert.Equal("path", Assert.Throws<ArgumentNullException>(() => new UnixSocketDialer(null!)).ParamName);
        Assert.Equal("path", Assert.Throws<ArgumentException>(() => new UnixSocketDialer("/" + new string('a', 200))).ParamName);
    }

    private static PoolKey KeyOf(PoolOptions options)
    {
        using var manager = new PoolManager(options);
        manager.ConnectionFromHost("example.com");
        return Assert.Single(manager.Pools).Key;
    }

    private static PoolOptions OptionsOf(Dialer dialer) => new()
    {
        Dialer = dialer,
        Clock = dialer is MemoryDialer { Time: var time } ? time : new VirtualTime(),
        Retries = Retry.None,
    };

    private static Stream Peer(string response) => new ScriptedPeer(new Dialogue().ExpectRequest().Send(response)).ClientEnd;

    private static Task<UrllibResponse> Get(Mode mode, PoolManager manager, string url, CancellationToken cancellationToken = default) =>
        Call(
            mode,
            () => manager.Request("GET", url, null, cancellationToken),
            () => manager.RequestAsync("GET", url, null, cancellationToken)).WaitAsync(_guard, CancellationToken.None);

    private sealed class BrokenDialer(Func<Stream> dial) : Dialer
    {
        public override Stream Dial(DialTarget target, CancellationToken cancellationToken) => dial();
    }

    /// <summary>Waits until its token is cancelled.</summary>
    private sealed class PatientDialer : Dialer
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public override Stream Dial(DialTarget target, CancellationToken cancellationToken)
        {
            _begun.SetResult();
            cancellationToken.WaitHandle.WaitOne();
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidOperationException("unreachable");
        }

        public override async ValueTask<Stream> DialAsync(DialTarget target, CancellationToken cancellationToken)
        {
            _begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException("unreachable");
        }
    }

    /// <summary>Does not look at its token.</summary>
    private sealed class DeafDialer(Task<Stream> stream) : Dialer
    {
        public override Stream Dial(DialTarget target, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override async ValueTask<Stream> DialAsync(DialTarget target, CancellationToken cancellationToken) => await stream;
    }

    private sealed class WatchedStream : MemoryStream
    {
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Disposed => _disposed.Task;

        protected override void Dispose(bool disposing)
        {
            _disposed.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
