using System.Net;
using System.Net.Sockets;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>
/// Dials the addresses of a host side by side, as a <see cref="DialRace"/> says, until one has answered. The others are closed before a
/// byte is sent. A blocking caller waits for all of them with one poll.
/// </summary>
internal sealed class SocketRace
{
    // Often enough for a cancellation to be felt at once, seldom enough to cost nothing.
    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<IPEndPoint> _endpoints;
    private readonly DialSettings _settings;
    private readonly DialRace _race;
    private readonly Deadline _by;
    private readonly Deadline _running;
    private readonly CancellationToken _cancellationToken;
    private readonly List<Runner> _runners = [];

    /// <summary>Prepares a race, which does not begin yet.</summary>
    /// <param name="endpoints">The addresses, in order.</param>
    /// <param name="settings">From where, and the clock.</param>
    /// <param name="race">Who is dialed when.</param>
    /// <param name="by">When it is over.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    public SocketRace(
        IReadOnlyList<IPEndPoint> endpoints, DialSettings settings, DialRace race, Deadline by, CancellationToken cancellationToken)
    {
        _endpoints = endpoints;
        _settings = settings;
        _race = race;
        _by = by;
        _running = Deadline.In(TimeSpan.MaxValue, settings.Clock);
        _cancellationToken = cancellationToken;
    }

    /// <summary>Whether a caller of this kind can race here: a blocking one needs a system whose descriptors can be waited for.</summary>
    public static bool IsPossible<TMode>()
        where TMode : struct, IWaitMode => !TMode.IsBlocking || OperatingSystem.IsLinux();

    /// <summary>Everyone who was dialed, in order.</summary>
    public IReadOnlyList<Runner> Runners => _runners;

    /// <summary>Runs it.</summary>
    /// <returns>The winner, or null: all failed, or the time is over, or the caller gave up.</returns>
    public async ValueTask<Runner?> Run<TMode>()
        where TMode : struct, IWaitMode
    {
        using CancellationTokenSource over = new();
        using CancellationTokenRegistration stop =
            _cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), over);
        Runner? winner = null;
        try
        {
            while (winner is null && !_race.IsLost && !_by.HasPassed && !_cancellationToken.IsCancellationRequested)
            {
                if (_race.TryBegin(_running.Elapsed, out int next))
                    Begin<TMode>(_endpoints[next], over.Token);
                else if (TMode.IsBlocking)
                    Poll(Shorter(_race.Wait(_running.Elapsed), _by.Remaining));
                else
                    await Any(Shorter(_race.Wait(_running.Elapsed), _by.Remaining), over.Token).ConfigureAwait(false);
                winner = await Look().ConfigureAwait(false);
            }

            return winner;
        }
        finally
        {
            GiveUp(over);
            foreach (Runner loser in _runners)
            {
                if (loser != winner)
                    await Close(loser, winner is not null).ConfigureAwait(false);
            }
        }
    }

    private void Begin<TMode>(IPEndPoint endpoint, CancellationToken over)
        where TMode : struct, IWaitMode
    {
        var runner = new Runner(endpoint, _running.Elapsed);
        _runners.Add(runner);
        try
        {
            if (TMode.IsBlocking)
                runner.Pending = SocketConnect.Begin(endpoint, _settings.SourceAddress);
            else
                runner.Connecting = SocketConnect
                    .Connect<Asynchronous>(endpoint, _settings.SourceAddress, _by, _settings.Clock, over).AsTask();
        }
        catch (SocketException e)
        {
            Failed(runner, e);
        }
    }

    private void Poll(TimeSpan wait)
    {
        Runner[] pending = [.. _runners.Where(static r => r.Pending is not null)];
        List<Socket> ready = [.. pending.Select(static r => r.Pending!)];
        Socket.Select(null, ready, null, (int)Math.Ceiling(Shorter(wait, _slice).TotalMicroseconds));
        foreach (Runner runner in pending.Where(r => ready.Contains(r.Pending!)))
        {
            Socket socket = runner.Pending!;
            runner.Pending = null;
            try
            {
                runner.Socket = SocketConnect.Finish(socket);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                Failed(runner, e);
            }
        }
    }

    private async ValueTask Any(TimeSpan wait, CancellationToken over)
    {
        Task first = Task.WhenAny(_runners.Where(static r => r.Connecting is not null).Select(static r => r.Connecting!));
        try
        {
            await first.WaitUpTo(wait, _settings.Clock, over).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // The loop looks what has become of it.
        }
    }

    // Whoever has arrived; of several the first in order.
    private async ValueTask<Runner?> Look()
    {
        foreach (Runner runner in _runners)
        {
            if (runner.Connecting is { IsCompleted: true } done)
                await Take(runner, done).ConfigureAwait(false);
            if (runner.Socket is not null)
                return runner;
        }

        return null;
    }

    private async ValueTask Take(Runner runner, Task<Socket> done)
    {
        runner.Connecting = null;
        try
        {
            runner.Socket = await done.ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            Failed(runner, e);
        }
    }

    // On the spot: the other way would go through the thread pool.
    private static void GiveUp(CancellationTokenSource over) => over.Cancel();

    private void Failed(Runner runner, SocketException e)
    {
        runner.Failure = e;
        _race.Failed();
    }

    private async ValueTask Close(Runner loser, bool isWon)
    {
        if (loser.Connecting is { } connecting)
        {
            try
            {
                loser.Socket = await connecting.ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // Given up.
            }
        }

        loser.Pending?.Dispose();
        loser.Socket?.Dispose();
        loser.Socket = null;
        loser.HasLost = isWon && loser.Failure is null;
        loser.Failure ??= new SocketException(
            (int)(isWon || _cancellationToken.IsCancellationRequested ? SocketError.OperationAborted : SocketError.TimedOut));
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan ? other : other == Timeout.InfiniteTimeSpan || one < other ? one : other;

    /// <summary>An address that was dialed, and what became of it.</summary>
    /// <param name="endPoint">The address.</param>
    /// <param name="after">When it was dialed, from the beginning of the race.</param>
    internal sealed class Runner(IPEndPoint endPoint, TimeSpan after)
    {
        /// <summary>The address.</summary>
        public IPEndPoint EndPoint { get; } = endPoint;

        /// <summary>When it was dialed, from the beginning of the race.</summary>
        public TimeSpan After { get; } = after;

        /// <summary>The connection of the winner.</summary>
        public Socket? Socket { get; set; }

        /// <summary>Why there is none.</summary>
        public SocketException? Failure { get; set; }

        /// <summary>Whether it was given up because another one was faster.</summary>
        public bool HasLost { get; set; }

        /// <summary>A blocking caller's socket on its way.</summary>
        public Socket? Pending { get; set; }

        /// <summary>An asynchronous caller's socket on its way.</summary>
        public Task<Socket>? Connecting { get; set; }
    }
}
