using System.Net.Sockets;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <content>What a request that is still being sent needs: to hear what the server has to say meanwhile.</content>
internal sealed partial class Wire
{
    /// <summary>
    /// As <see cref="Fill"/>, but waits so long at the most: null when nothing has come by then. Running out of this time cuts nothing.
    /// </summary>
    public async ValueTask<int?> TryFill<TMode>(TimeSpan limit)
        where TMode : struct, IWaitMode
    {
        if (TMode.IsBlocking)
            return _socket is null ? null : await FillByPoll<TMode>(limit).ConfigureAwait(false);
        if (Early<TMode>().IsCompleted || limit == TimeSpan.Zero)
            return await TryFillBefore<TMode>(Task.CompletedTask).ConfigureAwait(false);
        using var over = new CancellationTokenSource();
        int? received = await TryFillBefore<TMode>(Task.Delay(limit, _clock, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        return received;
    }

    /// <summary>As <see cref="Fill"/>, but waits no longer than until something else is over: null when that was first.</summary>
    public async ValueTask<int?> TryFillBefore<TMode>(Task end)
        where TMode : struct, IWaitMode
    {
        Task<int> early = Early<TMode>();
        if (!early.IsCompleted)
            await Task.WhenAny(early, end).ConfigureAwait(false);
        if (!early.IsCompleted)
            return null;
        _early = null;
        return await early.ConfigureAwait(false);
    }

    /// <summary>
    /// Whether a blocking write need not wait, asked for so long at the most. Also true where that cannot be told, and when the wire was
    /// cut or the time of the wait is over, which the write then says.
    /// </summary>
    public bool HasRoom(TimeSpan limit)
    {
        try
        {
            return _socket is not { } socket || _clock.GetTimestamp() >= _waitBy || socket.Socket.Poll(limit, SelectMode.SelectWrite);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    // Also true when the wire was cut, which the receive then says.
    private bool IsReadableWithin(TimeSpan limit)
    {
        try
        {
            return Tls?.Records.IsReadable == true || _socket!.Socket.Poll(limit, SelectMode.SelectRead);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>Makes a write that is under way fail, and every later one; what the server says can still be received.</summary>
    public void StopSending()
    {
        try
        {
            _socket?.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is broken or cut already, and the write fails for that.
        }
    }

    // As a task, since more than one may come to wait for it.
    private Task<int> Early<TMode>()
        where TMode : struct, IWaitMode
    {
        Task<int> early = _early?.AsTask() ?? Receive<TMode>(default).AsTask();
        _early = new ValueTask<int>(early);
        return early;
    }

    private async ValueTask<int?> FillByPoll<TMode>(TimeSpan limit)
        where TMode : struct, IWaitMode
    {
        Deadline by = Deadline.In(limit, _clock);
        while (IsReadableWithin(by.Remaining))
        {
            if (Tls is not { } tls)
                return await Fill<TMode>().ConfigureAwait(false);

            // What has come may be TLS's own business; then the wait goes on.
            tls.Records.NeverWaits = true;
            try
            {
                return await Fill<TMode>().ConfigureAwait(false);
            }
            catch (WouldWaitException) when (!by.HasPassed)
            {
            }
            catch (WouldWaitException)
            {
                return null;
            }
            finally
            {
                tls.Records.NeverWaits = false;
            }
        }

        return null;
    }
}
