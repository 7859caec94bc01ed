using System.Net.Sockets;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>Asks a dialer of the caller's for a connection, within the limit that it may not keep by itself.</summary>
internal static class DialerCall
{
    // The most that a timer takes.
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Opens a connection.</summary>
    /// <exception cref="HttpException">The dialer failed, in whatever way, or ran out of time.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static async ValueTask<Stream> Run<TMode>(Dialer dialer, DialTarget target, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        target.Recorder?.Enter(HttpPhase.Connect);
        TimeSpan limit = target.Timeout.Connect;
        Deadline connectBy = Deadline.In(limit, target.Settings.Clock);
        TimeSpan left = target.Total.Cap(limit);
        using CancellationTokenSource over = left == Timeout.InfiniteTimeSpan || left > _longest ? new() : new(left, target.Settings.Clock);
        try
        {
            using (cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), over))
            {
                Stream? stream = TMode.IsBlocking
                    ? dialer.Dial(target, over.Token)
                    : await DialUpTo(dialer, target, left, over.Token, cancellationToken).ConfigureAwait(false);
                return Usable(stream, dialer, target);
            }
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException || over.IsCancellationRequested)
        {
            throw left == limit
                ? new ConnectTimeoutException(target.Peer, limit, connectBy.Elapsed, e)
                : new TotalTimeoutException(HttpPhase.Connect, target.Total.Limit, target.Total.Elapsed, e);
        }
        catch (Exception e) when (e is not HttpException)
        {
            throw Failed(dialer, target, e.Message, e);
        }
    }

    private static async ValueTask<Stream> DialUpTo(
        Dialer dialer, DialTarget target, TimeSpan left, CancellationToken over, CancellationToken cancellationToken)
    {
        Task<Stream> dialing = dialer.DialAsync(target, over).AsTask();
        try
        {
            await dialing.WaitUpTo(left, target.Settings.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            DisposeOf(dialing).Forget();
            throw;
        }

        return await dialing.ConfigureAwait(false);
    }

    // It may come back when nobody waits any more.
    private static async Task DisposeOf(Task<Stream> dialing)
    {
        Stream? stream = await dialing.ConfigureAwait(false);
        if (stream is not null)
            await stream.DisposeAsync().ConfigureAwait(false);
    }

    private static Stream Usable(Stream? stream, Dialer dialer, DialTarget target)
    {
        // Only with its socket can a blocking caller see that an idle connection was closed.
        if (stream is NetworkStream { CanRead: true, CanWrite: true } network && network.GetType() == typeof(NetworkStream))
            return new SocketStream(network.Socket, target.Settings.Clock);
        if (stream is { CanRead: true, CanWrite: true })
            return stream;
        stream?.Dispose();
        throw Failed(dialer, target, stream is null ? "it gave no stream" : "its stream cannot be both read and written", null);
    }

    private static NewConnectionException Failed(Dialer dialer, DialTarget target, string reason, Exception? cause) =>
        new($"No connection to {target.Peer} could be made ({dialer.GetType().Name}: {reason}).", cause);
}
