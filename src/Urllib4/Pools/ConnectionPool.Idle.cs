using Urllib4.Connections;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Pools;

/// <content>What becomes of connections while nobody asks: their time runs out, or the server changes its mind.</content>
internal sealed partial class ConnectionPool
{
    /// <summary>
    /// Closes idle connections whose time is over and those whose server has gone. Called by the <see cref="IdleWatch"/>, and asks it to
    /// call again for as long as there is something idle.
    /// </summary>
    private void LookAfterIdle()
    {
        TimeSpan now = _clock.GetCoarseTime();
        List<HttpConnection> idle;
        lock (_lock)
            idle = _state.ListIdle();
        // One that is quiet is not taken out, so a request that comes meanwhile finds it.
        foreach (HttpConnection connection in idle)
        {
            if (_limits.HasExpired(connection, now) || connection.HasNews)
                Inspect(connection, now);
        }

        TimeSpan pause;
        lock (_lock)
        {
            idle = _state.ListIdle();
            pause = _limits.NextLook(idle, now);
            _nextLook = idle.Count > 0 ? now + pause : TimeSpan.MaxValue;
        }

        if (idle.Count > 0)
            _watch.LookIn(pause);
    }

    /// <summary>A connection has changed by itself: it carries more or fewer requests, takes no more, or is over.</summary>
    private void Follow(HttpConnection connection)
    {
        bool stays;
        PoolTicket? served;
        lock (_lock)
            stays = _state.Changed(connection, out served);
        served?.Wake();
        if (!stays)
            Discard(connection);
    }

    private void Inspect(HttpConnection connection, TimeSpan now)
    {
        lock (_lock)
        {
            if (!_state.TryTakeIdle(connection))
                return; // it is in use again
        }

        // Nobody is going to read, so the look must not begin a receive, as it may for an asynchronous caller.
        Return(connection, now, IsGood(connection, isBlocking: true, now));
    }

    /// <summary>
    /// The one timer of a pool. It is set only while something is idle there. It holds the pool weakly, as does what the connections call,
    /// so a pool that was forgotten can be collected, and closes its sockets then.
    /// </summary>
    private sealed class IdleWatch : IDisposable
    {
        private readonly WeakReference<ConnectionPool> _pool;
        private readonly ITimer _timer;

        public IdleWatch(ConnectionPool pool, TimeProvider clock)
        {
            _pool = new WeakReference<ConnectionPool>(pool);
            _timer = clock.CreateDetachedTimer(static weak => Look((WeakReference<ConnectionPool>)weak!), _pool);
            Changed = Follow;
        }

        /// <summary>What the connections of the pool tell when they change by themselves.</summary>
        public Action<HttpConnection> Changed { get; }

        /// <summary>Looks after the idle connections once that time has passed.</summary>
        public void LookIn(TimeSpan time) => _timer.Change(time, Timeout.InfiniteTimeSpan);

        public void Dispose() => _timer.Dispose();

        private static void Look(WeakReference<ConnectionPool> weak)
        {
            if (weak.TryGetTarget(out ConnectionPool? pool))
                pool.LookAfterIdle();
        }

        private void Follow(HttpConnection connection)
        {
            if (_pool.TryGetTarget(out ConnectionPool? pool))
                pool.Follow(connection);
        }
    }
}
