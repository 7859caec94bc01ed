using System.Net.Sockets;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>
/// What a request that is still being sent needs of its wire: to hear what the server has to say meanwhile, and to stop sending.
/// </summary>
internal readonly struct WireListener(Wire wire, WireStream network, TimeProvider clock)
{
    /// <summary>Whether one can ask, without waiting, if there is something to read or room to write: true for sockets.</summary>
    public bool CanPoll => network.KeepsTime;

    /// <summary>
    /// As <see cref="Wire.Fill"/>, but waits so long at the most: null when nothing has come by then. Running out of this time cuts
    /// nothing.
    /// </summary>
    public async ValueTask<int?> TryFill<TMode>(TimeSpan limit)
        where TMode : struct, IWaitMode
    {
        if (TMode.IsBlocking)
            return await FillByWaiting<TMode>(limit).ConfigureAwait(false);
        if (wire.BeginFill<TMode>().IsCompleted || limit == TimeSpan.Zero)
            return await TryFillBefore<TMode>(Task.CompletedTask).ConfigureAwait(false);
        using var over = new CancellationTokenSource();
        int? received = await TryFillBefore<TMode>(Task.Delay(limit, clock, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        return received;
    }

    /// <summary>
    /// As <see cref="Wire.Fill"/>, but waits no longer than until something else is over: null when that was first.
    /// </summary>
    public async ValueTask<int?> TryFillBefore<TMode>(Task end)
        where TMode : struct, IWaitMode
    {
        Task<int> early = wire.BeginFill<TMode>();
        if (!early.IsCompleted)
            await Task.WhenAny(early, end).ConfigureAwait(false);
        return early.IsCompleted ? await wire.Fill<TMode>().ConfigureAwait(false) : null;
    }

    /// <summary>
    /// Whether a blocking write need not wait, asked for so long at the most. Also true where that cannot be told, and when the wire was
    /// cut or the time of the wait is over, which the write then says.
    /// </summary>
    public bool HasRoom(TimeSpan limit)
    {
        try
        {
            return network.WaitWritable(limit);
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
            network.StopSending();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is broken or cut already, and the write fails for that.
        }
    }

    private async ValueTask<int?> FillByWaiting<TMode>(TimeSpan limit)
        where TMode : struct, IWaitMode
    {
        Deadline by = Deadline.In(limit, clock);
        while (IsReadableWithin(by.Remaining))
        {
            if (wire.Tls is not { } tls)
                return await wire.Fill<TMode>().ConfigureAwait(false);

            // What has come may be TLS's own business; then the wait goes on.
            tls.Records.NeverWaits = true;
            try
            {
                return await wire.Fill<TMode>().ConfigureAwait(false);
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

    // Also true when the wire was cut, which the receive then says.
    private bool IsReadableWithin(TimeSpan limit)
    {
        try
        {
            return wire.Tls?.Records.IsReadable == true || network.WaitReadable(limit);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }
}
