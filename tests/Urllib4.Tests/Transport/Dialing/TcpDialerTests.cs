using System.Net;
using System.Net.Sockets;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.TestKit;

namespace Urllib4.Tests.Transport;

/// <summary>What dialing comes to before the first packet: names, addresses, limits.</summary>
public sealed class TcpDialerTests : MemoryTests
{
    // An address that is nobody's here: binding to it fails before anything is sent (RFC 5737).
    private static readonly IPEndPoint _nobodys = new(IPAddress.Parse("192.0.2.1"), 0);

    private static readonly TcpDialer _dialer = new();

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_name_without_an_address_is_not_dialed(Mode mode)
    {
        var e = await Assert.ThrowsAsync<NameResolutionException>(() => Dial(mode, new Answer(static () => [])));
        Assert.Contains("it has no address", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Mode.Blocking, SocketError.HostNotFound, "no such host is known")]
    [InlineData(Mode.Asynchronous, SocketError.HostNotFound, "no such host is known")]
    [InlineData(Mode.Blocking, SocketError.TryAgain, "the resolver could not be reached")]
    [InlineData(Mode.Asynchronous, SocketError.NoData, "it has no address")]
    public async Task What_the_resolver_says_is_said_in_words(Mode mode, SocketError error, string reason)
    {
        var e = await Assert.ThrowsAsync<NameResolutionException>(
            () => Dial(mode, new Answer(() => throw new SocketException((int)error))));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_resolver_of_the_caller_that_fails_is_a_name_that_could_not_be_resolved(Mode mode)
    {
        var own = new InvalidOperationException("no directory");
        var e = await Assert.ThrowsAsync<NameResolutionException>(() => Dial(mode, new Answer(() => throw own)));
        Assert.Same(own, e.InnerException);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_resolver_that_hangs_runs_into_the_limit_of_its_phase(Mode mode)
    {
        var clock = new VirtualTime();
        using var hang = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        DialTarget target = Target(new Hanging(begun, hang), DialSettings.Default with { Clock = clock });
        Task<Stream> dialing = Dial(mode, target);
        Assert.True(begun.Wait(Patience));
        clock.WaitUntilTimers(1, Patience);

        clock.Advance(HttpTimeout.Default.Resolve);

        await Assert.ThrowsAsync<NameResolutionTimeoutException>(() => dialing);
        hang.Set();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Each_address_that_could_not_be_used_is_told_with_its_reason(Mode mode)
    {
        DialTarget target = Target(
            new Answer(static () => [new(IPAddress.Loopback, 9), new(IPAddress.Parse("127.0.0.2"), 9)]), DialSettings.Default with { SourceAddress = _nobodys });
        var e = await Assert.ThrowsAsync<NewConnectionException>(() => Dial(mode, target));
        Assert.Contains("127.0.0.1:9: no local address or port is available; 127.0.0.2:9:", e.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_deadline_that_has_passed_ends_a_dial_at_the_next_address(Mode mode)
    {
        var clock = new VirtualTime();
        Deadline total = Deadline.In(TimeSpan.FromSeconds(1), clock);
        var late = new Answer(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            return [new(IPAddress.Loopback, 9), new(IPAddress.Loopback, 9)];
        });
        DialTarget target = Target(late, DialSettings.Default with { Clock = clock, SourceAddress = _nobodys }) with { Total = total };
        await Assert.ThrowsAnyAsync<HttpException>(() => Dial(mode, target));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_caller_who_gave_up_before_dials_nobody(Mode mode)
    {
        var cancelled = new CancellationToken(canceled: true);
        DialTarget target = Target(new Answer(static () => [new(IPAddress.Loopback, 9)]));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Call(
            mode, () => _dialer.Dial(target, cancelled), () => _dialer.DialAsync(target, cancelled).AsTask()));
    }

    [Fact]
    public void All_of_them_are_equal_and_none_dials_without_a_target()
    {
        Assert.Equal(new TcpDialer(), _dialer);
        Assert.Equal(new TcpDialer().GetHashCode(), _dialer.GetHashCode());
        Assert.NotEqual((Dialer)new UnixSocketDialer("/run/a.sock"), _dialer);
        Assert.Throws<ArgumentNullException>(() => _dialer.Dial(null!, default));
#pragma warning disable CA2012 // refused at once, so there is no task
        Assert.Throws<ArgumentNullException>(() => { _ = _dialer.DialAsync(null!, default); });
#pragma warning restore CA2012
    }

    private static DialTarget Target(Resolver resolver, DialSettings? settings = null) =>
        new("a.test", 80) { Settings = (settings ?? DialSettings.Default) with { Resolver = resolver } };

    private static Task<Stream> Dial(Mode mode, Resolver resolver) => Dial(mode, Target(resolver));

    private static Task<Stream> Dial(Mode mode, DialTarget target) => Call(
        mode, () => _dialer.Dial(target, CancellationToken.None), () => _dialer.DialAsync(target, CancellationToken.None).AsTask())
        .WaitAsync(Patience, CancellationToken.None);

    private sealed class Answer(Func<IPEndPoint[]> answer) : Resolver
    {
        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port) => answer();
    }

    /// <summary>Deaf to the token, as the system's own resolver is.</summary>
    private sealed class Hanging(ManualResetEventSlim begun, ManualResetEventSlim end) : Resolver
    {
        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port)
        {
            begun.Set();
            end.Wait(Patience);
            return [];
        }

        public override async ValueTask<IReadOnlyList<IPEndPoint>> ResolveAsync(
            string host, int port, CancellationToken cancellationToken) => await OnThread(() => Resolve(host, port));
    }
}
