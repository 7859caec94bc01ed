using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Pools;

/// <summary>A pool over fakes on a clock that stands still, and callers of both kinds.</summary>
internal sealed class PoolRig : ModeTests
{
    /// <summary>Real time after which a broken test ends; nothing passes because of it.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);

    public PoolRig(PoolOptions? options = null)
    {
        Factory = new FakeConnectionFactory(Clock);
        Pool = new ConnectionPool(Key(), (options ?? PoolOptions.Default) with { Clock = Clock }, Factory);
    }

    public VirtualTime Clock { get; } = new();

    public FakeConnectionFactory Factory { get; }

    public ConnectionPool Pool { get; }

    public static PoolKey Key(string host = "example.com") => new("http", host, 80, PoolOptions.Default);

    public static PoolOptions Capped(int maxSize) => new() { MaxSize = maxSize, Block = true };

    /// <summary>Borrows in one of the modes.</summary>
    public Task<Lease> Borrow(
        Mode mode, bool fresh = false, HttpTimeout? timeout = null, TimeSpan? total = null, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.In(total ?? Timeout.InfiniteTimeSpan, Clock);
        timeout ??= HttpTimeout.Default;
        return Call(
            mode,
            () => new Lease(Blocking.Result(Pool.Borrow<Blocking>(timeout, deadline, fresh, null, cancellationToken)), Pool),
            async () => new Lease(await Pool.Borrow<Asynchronous>(timeout, deadline, fresh, null, cancellationToken), Pool));
    }

    /// <summary>Borrows, expecting it not to hang.</summary>
    public Task<Lease> BorrowNow(Mode mode, bool fresh = false) => Borrow(mode, fresh).WaitAsync(Guard);

    /// <summary>Begins to borrow, and comes back when the caller stands in the queue.</summary>
    public Task<Lease> BorrowWaiting(
        Mode mode, bool fresh = false, HttpTimeout? timeout = null, TimeSpan? total = null, CancellationToken cancellationToken = default)
    {
        int waiting = Clock.PendingTimers;
        Task<Lease> borrowed = Borrow(mode, fresh, timeout, total, cancellationToken);
        Clock.WaitUntilTimers(waiting + 1);
        return borrowed;
    }
}
