using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.TestKit;

public sealed class FakeResolverTests
{
    [Fact]
    public async Task Answers_are_given_in_turn_and_the_last_for_ever()
    {
        FakeResolver resolver = new FakeResolver().Map("A.test", "10.0.0.1").Map("a.test", "10.0.0.2", "::1")
            .Map("none.test", Array.Empty<IPAddress>());

        Assert.Equal([IPAddress.Parse("10.0.0.1")], resolver.Resolve("a.test"));
        Assert.Equal([IPAddress.Parse("10.0.0.2"), IPAddress.IPv6Loopback], await resolver.ResolveAsync("a.TEST"));
        Assert.Equal(2, resolver.Resolve("a.test").Count);
        Assert.Empty(resolver.Resolve("none.test"));
        Assert.Equal(["a.test", "a.TEST", "a.test", "none.test"], resolver.Lookups);
    }

    [Fact]
    public void An_unknown_name_does_not_exist() =>
        Assert.Equal(SocketError.HostNotFound, Assert.Throws<SocketException>(() => new FakeResolver().Resolve("x")).SocketErrorCode);

    [Fact]
    public async Task A_held_look_up_can_be_given_up_or_released()
    {
        var hold = new Gate();
        FakeResolver resolver = new FakeResolver { Hold = hold }.Map("a", "10.0.0.1");
        using var stop = new CancellationTokenSource();
        Task given = resolver.ResolveAsync("a", stop.Token).AsTask();
        ValueTask<IReadOnlyList<IPAddress>> kept = resolver.ResolveAsync("a");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.False(kept.IsCompleted);
        hold.Open();

        Assert.Single(await kept);
        Assert.Equal(1, resolver.Count);
    }
}

/// <summary>Tasks that fail unseen are seen by the whole process, so nothing else may run meanwhile.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

[Collection("alone")]
public sealed class LeakCheckTests
{
    [Fact]
    public void A_counter_that_is_off_is_named()
    {
        long open = 3;
        using LeakCheck check = new LeakCheck().Watch("sockets", () => open).Watch("leases", static () => 0, expected: 0);
        check.Verify();

        open = 4;

        Assert.Equal("sockets: 4 instead of 3", Assert.Throws<LeakException>(() => check.Verify(TimeSpan.Zero)).Message);
    }

    [Fact]
    public void A_task_that_failed_unseen_is_a_leak()
    {
        using var check = new LeakCheck();
        FailUnseen();
        Assert.Contains("nobody looks", Assert.Throws<LeakException>(() => check.Verify()).Message, StringComparison.Ordinal);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void FailUnseen() => _ = Task.FromException(new InvalidOperationException("nobody looks"));
}

public sealed class ModeTestsTests : ModeTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_call_returns_what_it_returns_and_throws_what_it_throws(Mode mode)
    {
        var error = new OperationCanceledException("mine");

        Assert.Equal(mode, await Call(mode, static () => Mode.Blocking, static () => Task.FromResult(Mode.Asynchronous)));
        Assert.Same(error, await Assert.ThrowsAsync<OperationCanceledException>(
            () => Call(mode, () => throw error, () => Task.FromException(error))));
    }

    [Fact]
    public async Task A_blocking_call_has_a_thread_of_its_own() =>
        Assert.False(await Call(Mode.Blocking, static () => Thread.CurrentThread.IsThreadPoolThread,
            static () => throw new UnreachableException()));
}

public sealed class BlackHoleTests
{
    [Fact]
    public async Task A_connect_is_not_answered()
    {
        using var hole = new BlackHole();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        Task connect = socket.ConnectAsync(hole.EndPoint);

        Assert.False(((IAsyncResult)connect).AsyncWaitHandle.WaitOne(100));
        socket.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => connect);
    }
}
