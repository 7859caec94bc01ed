using System.Net;
using System.Net.Sockets;
using Urllib4.Policies;
using Urllib4.TestKit;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Tests.Transport;

/// <summary>What is remembered of a resolver's answers, for how long, and who waits for whom.</summary>
public sealed class NameCacheTests : ModeTests
{
    private static readonly TimeSpan _guard = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    private readonly VirtualTime _time = new();
    private readonly Directory _directory = new();

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_answer_without_a_time_of_its_own_is_kept_for_thirty_seconds(Mode mode)
    {
        NameCache cache = Cache();
        _directory.Say("10.0.0.1");
        Assert.Equal((NameSource.Resolver, "10.0.0.1:80"), Facts(await Find(mode, cache)));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((NameSource.Memory, "10.0.0.1:80"), Facts(await Find(mode, cache)));
        Assert.Equal(TimeSpan.FromSeconds(20), (await Find(mode, cache)).Age);
        Assert.Equal(1, _directory.Asked);
        _directory.Say("10.0.0.2");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((NameSource.Resolver, "10.0.0.2:80"), Facts(await Find(mode, cache)));
    }

    [Theory]
    [InlineData(0, 1)] // the floor
    [InlineData(0.5, 1)]
    [InlineData(7, 7)]
    [InlineData(3600, 300)] // the cap
    public async Task The_time_of_an_answer_has_a_floor_and_a_cap(double own, double kept)
    {
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            NameCache cache = Cache();
            _directory.Say("10.0.0.1", TimeSpan.FromSeconds(own));
            await Find(mode, cache);
            _time.Advance(TimeSpan.FromSeconds(kept * 0.79));
            Assert.Equal(NameSource.Memory, (await Find(mode, cache)).Source);
            _time.Advance(TimeSpan.FromSeconds(kept * 0.21));
            Assert.Equal(NameSource.Resolver, (await Find(mode, cache)).Source);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task With_a_cap_of_zero_every_one_asks(Mode mode)
    {
        NameCache cache = Cache(new() { MaxTimeToLive = TimeSpan.Zero, MinTimeToLive = TimeSpan.FromSeconds(9) });
        _directory.Say("10.0.0.1", TimeSpan.FromHours(1));
        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal(NameSource.Resolver, (await Find(mode, cache)).Source);
            Assert.Equal(i, _directory.Asked);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Names_and_ports_are_kept_apart_and_no_more_than_so_many(Mode mode)
    {
        NameCache cache = Cache(new() { MaxNames = 2 });
        _directory.Say("10.0.0.1");
        await Find(mode, cache, "a.test", 80);
        await Find(mode, cache, "a.test", 81);
        Assert.Equal("10.0.0.1:81", Facts(await Find(mode, cache, "a.test", 81)).EndPoints);
        Assert.Equal(2, _directory.Asked);
        await Find(mode, cache, "b.test", 80);
        await Find(mode, cache, "a.test", 81);
        Assert.Equal(3, _directory.Asked);
        await Find(mode, cache, "a.test", 80);
        Assert.Equal(4, _directory.Asked);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Who_asks_the_same_at_the_same_time_shares_one_lookup(Mode mode)
    {
        NameCache cache = Cache();
        using var held = _directory.Hold();
        _directory.Say("10.0.0.1");
        Task<FoundName>[] callers = [.. Enumerable.Range(0, 20).Select(_ => Find(mode, cache))];
        held.WaitForQuestions(1);
        _time.WaitUntilTimers(20, _guard);
        held.Release();
        Assert.All(await Task.WhenAll(callers), static found => Assert.Equal("10.0.0.1:80", Facts(found).EndPoints));
        Assert.Equal(1, _directory.Asked);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_caller_who_gives_up_takes_no_other_with_him(Mode mode)
    {
        NameCache cache = Cache();
        using var held = _directory.Hold();
        _directory.Say("10.0.0.1");
        using var first = new CancellationTokenSource();
        Task<FoundName> leaving = Find(mode, cache, token: first.Token);
        held.WaitForQuestions(1);
        Task<FoundName> staying = Find(mode, cache);
        _time.WaitUntilTimers(2, _guard);

        await first.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.False(held.WasCancelled);
        held.Release();
        Assert.Equal("10.0.0.1:80", Facts(await staying).EndPoints);
        Assert.Equal(1, _directory.Asked);
    }

    [Fact]
    public async Task When_the_last_one_has_left_the_resolver_is_told_and_the_next_asks_anew()
    {
        NameCache cache = Cache();
        using var held = _directory.Hold();
        _directory.Say("10.0.0.1");
        using var first = new CancellationTokenSource();
        Task<FoundName> leaving = Find(Mode.Asynchronous, cache, token: first.Token);
        held.WaitForQuestions(1);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.True(held.WasCancelled);
        held.Release();
        Assert.Equal(NameSource.Resolver, (await Find(Mode.Asynchronous, cache)).Source);
        Assert.Equal(2, _directory.Asked);
    }

    [Fact]
    public async Task A_thread_that_waits_depends_on_no_asynchronous_lookup_and_others_join_its_own()
    {
        NameCache cache = Cache();
        using var held = _directory.Hold();
        _directory.Say("10.0.0.1");
        Task<FoundName> asynchronous = Find(Mode.Asynchronous, cache);
        held.WaitForQuestions(1);
        Task<FoundName> blocking = Find(Mode.Blocking, cache);
        held.WaitForQuestions(2);
        Task<FoundName> joining = Find(Mode.Asynchronous, cache);
        _time.WaitUntilTimers(3, _guard);
        held.Release();
        await Task.WhenAll(asynchronous, blocking, joining);
        Assert.Equal(2, _directory.Asked);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_lookup_that_hangs_holds_up_only_those_who_came_soon(Mode mode)
    {
        NameCache cache = Cache();
        using var held = _directory.Hold();
        _directory.Say("10.0.0.1");
        Task<FoundName> first = Find(mode, cache);
        held.WaitForQuestions(1);
        _time.WaitUntilTimers(1, _guard);
        _time.Advance(_limit / 2);
        _directory.Unhold();

        Assert.Equal("10.0.0.1:80", Facts(await Find(mode, cache)).EndPoints);

        Assert.Equal(2, _directory.Asked);
        _time.WaitUntilTimers(1, _guard);
        _time.Advance(_limit / 2);
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        held.Release();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_name_in_use_is_looked_up_again_before_its_time_is_over_and_nobody_waits(Mode mode)
    {
        NameCache cache = Cache();
        _directory.Say("10.0.0.1");
        await Find(mode, cache);
        _directory.Say("10.0.0.2");
        _time.Advance(TimeSpan.FromSeconds(24));
        using (var held = _directory.Hold())
        {
            Assert.Equal((NameSource.Memory, "10.0.0.1:80"), Facts(await Find(mode, cache)));
            held.WaitForQuestions(1);
            Assert.Equal((NameSource.Memory, "10.0.0.1:80"), Facts(await Find(mode, cache)));
            Assert.Equal(2, _directory.Asked);
            held.Release();
        }

        await Eventually(async () => Facts(await Find(mode, cache)) == (NameSource.Memory, "10.0.0.2:80"));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((NameSource.Memory, "10.0.0.2:80"), Facts(await Find(mode, cache)));
        Assert.Equal(2, _directory.Asked);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_answer_that_led_nowhere_is_asked_for_again_and_serves_only_if_there_is_no_other(Mode mode)
    {
        NameCache cache = Cache();
        cache.Doubt("a.test", 80);
        _directory.Say("10.0.0.1");
        await Find(mode, cache);
        _directory.Say("10.0.0.2");
        cache.Doubt("a.test", 80);
        Assert.Equal((NameSource.Resolver, "10.0.0.2:80"), Facts(await Find(mode, cache)));
        cache.Doubt("a.test", 80);
        _directory.Fail(new TimeoutException());
        Assert.Equal((NameSource.Stale, "10.0.0.2:80"), Facts(await Find(mode, cache)));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_failure_is_remembered_for_a_second_and_everybody_gets_his_own_error(Mode mode)
    {
        NameCache cache = Cache();
        var own = new InvalidOperationException("no directory.");
        _directory.Fail(own);
        var one = await Assert.ThrowsAsync<NameResolutionException>(() => Find(mode, cache));
        var other = await Assert.ThrowsAsync<NameResolutionException>(() => Find(mode, cache));
        Assert.Equal((1, "The host 'a.test' could not be resolved: no directory."), (_directory.Asked, other.Message));
        Assert.NotSame(one, other);
        Assert.Same(own, other.InnerException);
        _directory.Say("10.0.0.1");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("10.0.0.1:80", Facts(await Find(mode, cache)).EndPoints);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_old_answer_serves_for_an_hour_while_the_resolver_fails(Mode mode)
    {
        NameCache cache = Cache();
        _directory.Say("10.0.0.1");
        await Find(mode, cache);
        _directory.Fail(new SocketException((int)SocketError.TryAgain));
        _time.Advance(TimeSpan.FromMinutes(10));
        FoundName found = await Find(mode, cache);
        Assert.Equal(
            (NameSource.Stale, TimeSpan.FromMinutes(10), "the resolver could not be reached"), (found.Source, found.Age, found.Failure));
        Assert.Equal((NameSource.Stale, "the resolver could not be reached"), ((await Find(mode, cache)).Source, found.Failure));
        Assert.Equal(2, _directory.Asked);
        _time.Advance(TimeSpan.FromMinutes(50.4));
        Assert.Equal(NameSource.Stale, (await Find(mode, cache)).Source);
        _time.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<NameResolutionException>(() => Find(mode, cache));
    }

    [Theory]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Asynchronous, true)]
    [InlineData(Mode.Asynchronous, false)]
    public async Task A_name_that_is_gone_is_gone_at_once(Mode mode, bool isUnknown)
    {
        NameCache cache = Cache();
        _directory.Say("10.0.0.1");
        await Find(mode, cache);
        if (isUnknown)
            _directory.Fail(new SocketException((int)SocketError.HostNotFound));
        else
            _directory.Say();
        _time.Advance(TimeSpan.FromSeconds(30));
        var e = await Assert.ThrowsAsync<NameResolutionException>(() => Find(mode, cache));
        Assert.Contains(isUnknown ? "no such host is known" : "it has no address", e.Message, StringComparison.Ordinal);
        _directory.Fail(new SocketException((int)SocketError.TryAgain));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<NameResolutionException>(() => Find(mode, cache));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Of_a_resolver_that_says_nothing_one_who_has_an_old_answer_waits_less_than_two_seconds(Mode mode)
    {
        NameCache cache = Cache();
        _directory.Say("10.0.0.1");
        await Find(mode, cache);
        _time.Advance(TimeSpan.FromSeconds(40));
        _directory.Say("10.0.0.2");
        using var held = _directory.Hold();
        Task<FoundName> waiting = Find(mode, cache);
        held.WaitForQuestions(1);
        _time.WaitUntilTimers(1, _guard);
        _time.Advance(TimeSpan.FromSeconds(1.8));

        Assert.Equal((NameSource.Stale, "the resolver takes longer than 1.8 s"), ((await waiting).Source, (await waiting).Failure));
        Assert.Equal((NameSource.Stale, "10.0.0.1:80"), Facts(await Find(mode, cache)));

        Assert.Equal(2, _directory.Asked);
        Assert.False(held.WasCancelled);
        held.Release();
        await Eventually(async () => Facts(await Find(mode, cache)) == (NameSource.Memory, "10.0.0.2:80"));
    }

    [Theory]
    [InlineData(null, "the resolver gave no answer")]
    [InlineData("", "it has no address")]
    [InlineData("port", "the resolver gave 10.0.0.1:0, and nobody listens at port 0")]
    [InlineData("null", "the resolver gave an endpoint that is null")]
    [InlineData("many", "the resolver gave 10,000 addresses, and 1,000 are the most")]
    public async Task An_answer_that_nobody_can_use_is_an_error_that_says_so(string? answer, string reason)
    {
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            _directory.Answer = () => answer switch
            {
                null => null!,
                "" => new NameAnswer([]),
                "port" => new NameAnswer([new(IPAddress.Parse("10.0.0.1"), 0)]),
                "null" => new NameAnswer([null!]),
                _ => new NameAnswer([.. Enumerable.Range(1, 10_000).Select(static i => new IPEndPoint(new IPAddress(i), 80))]),
            };
            var e = await Assert.ThrowsAsync<NameResolutionException>(() => Find(mode, Cache()));
            Assert.Equal($"The host 'a.test' could not be resolved: {reason}.", e.Message);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_a_resolver_throws_of_this_library_keeps_its_words(Mode mode)
    {
        _directory.Fail(new NameResolutionException("other.test", "it rains"));
        var e = await Assert.ThrowsAsync<NameResolutionException>(() => Find(mode, Cache()));
        Assert.Equal(("a.test", "The host 'a.test' could not be resolved: it rains."), (e.Host, e.Message));
        _directory.Fail(new NewConnectionException("no server of names."));
        e = await Assert.ThrowsAsync<NameResolutionException>(() => Find(mode, Cache()));
        Assert.Equal("The host 'a.test' could not be resolved: no server of names.", e.Message);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_resolver_of_yesterday_that_knows_no_times_serves_as_it_did(Mode mode)
    {
        var cache = new NameCache(Resolver.FromTable([new("a.test", new IPEndPoint(IPAddress.Loopback, 7))]), NameOptions.Default, _time);
        Assert.Equal("127.0.0.1:7", Facts(await Find(mode, cache)).EndPoints);
        Assert.Equal(NameSource.Memory, (await Find(mode, cache)).Source);
    }

    private static (NameSource Source, string EndPoints) Facts(FoundName found) => (found.Source, string.Join(", ", found.EndPoints));

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var end = new CancellationTokenSource(_guard);
        while (!await condition())
        {
            end.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static Task<FoundName> Find(
        Mode mode, NameCache cache, string host = "a.test", int port = 80, CancellationToken token = default) => Call(
        mode,
        () => Blocking.Result(cache.Find(true, host, port, _limit, token)),
        () => cache.Find(false, host, port, _limit, token).AsTask()).WaitAsync(_guard, CancellationToken.None);

    private NameCache Cache(NameOptions? options = null) => new(_directory, options ?? NameOptions.Default, _time);

    /// <summary>A resolver that says what it is told to, and may be held meanwhile.</summary>
    private sealed class Directory : Resolver
    {
        private int _asked;
        private volatile Held? _held;

        public int Asked => Volatile.Read(ref _asked);

        public Func<NameAnswer> Answer { get; set; } = static () => new([]);

        public void Say(params string[] addresses) => Say(null, addresses);

        public void Say(string address, TimeSpan time) => Say(time, [address]);

        public void Fail(Exception error) => Answer = () => throw error;

        public Held Hold() => _held = new Held();

        public void Unhold() => _held = null;

        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port) => throw new NotSupportedException();

        public override NameAnswer Lookup(string host, int port)
        {
            Held? held = _held;
            Interlocked.Increment(ref _asked);
            held?.Wait();
            return With(Answer(), port);
        }

        public override async ValueTask<NameAnswer> LookupAsync(string host, int port, CancellationToken cancellationToken)
        {
            Held? held = _held;
            Interlocked.Increment(ref _asked);
            if (held is not null)
                await held.WaitAsync(cancellationToken);
            return With(Answer(), port);
        }

        private static NameAnswer With(NameAnswer answer, int port) => answer is null || answer.EndPoints.Any(static e => e is null or { Port: 0 })
            ? answer!
            : new([.. answer.EndPoints.Select(endpoint => new IPEndPoint(endpoint.Address, port))], answer.TimeToLive);

        private void Say(TimeSpan? time, string[] addresses) =>
            Answer = () => new NameAnswer([.. addresses.Select(static address => new IPEndPoint(IPAddress.Parse(address), 80))], time);
    }

    private sealed class Held : IDisposable
    {
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();
        private int _questions;

        public bool WasCancelled { get; private set; }

        public void Wait()
        {
            Interlocked.Increment(ref _questions);
            _open.Wait(_guard);
        }

        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            await using CancellationTokenRegistration told = cancellationToken.Register(() => WasCancelled = true);
            Interlocked.Increment(ref _questions);
            await _release.Task;
        }

        public void WaitForQuestions(int count) =>
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _questions) >= count, _guard), "Nobody asks.");

        public void Release()
        {
            _release.TrySetResult();
            _open.Set();
        }

        public void Dispose() => Release();
    }
}
