using System.Buffers;
using Urllib4.Bodies;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <content>The request on its way, with an ear for the server: it may answer before it has read everything.</content>
internal sealed partial class Http1Exchange
{
    // What is sent before the server is listened to again. A blocking caller listens by a system call, so that he does it less often.
    private const int BlockingPartLength = 256 * 1024;
    private const int AsynchronousPartLength = 64 * 1024;

    // What the smallest buffer of a system takes once it says that it has room again. A blocking write of more could have to wait, and
    // would hear nothing meanwhile.
    private const int SureToFit = 16 * 1024;

    // Smaller writes leave at once, or not much later than the server reads at all.
    private const int LeastWatchedWrite = 16 * 1024;

    private const string StaleConnection =
        "The server closed the idle connection, or sent something that nobody had asked for, before the request was sent.";

    // How often a server that reads nothing is listened to.
    private static readonly TimeSpan _hearing = TimeSpan.FromMilliseconds(50);

    public override ValueTask Send(bool isBlocking, RequestHead head, RequestBody? body) =>
        isBlocking ? SendAs<Blocking>(head, body) : SendAs<Asynchronous>(head, body);

    private async ValueTask SendAs<TMode>(RequestHead head, RequestBody? body)
        where TMode : struct, IWaitMode
    {
        _isBlocking = TMode.IsBlocking;
        AwaitNetwork();
        session.SendHead(head, wire);
        if (!wire.IsStillQuiet())
            throw NoLongerQuiet();
        if (!session.IsRequestComplete && await MaySendBody<TMode>().ConfigureAwait(false))
            await SendBody<TMode>(body!).ConfigureAwait(false);
        await Flush<TMode>().ConfigureAwait(false);
        _isSent = session.IsRequestComplete && _sendFailure is null;
    }

    // It may also be this side that has cut it: a cancellation is not to pass for a server that closed.
    private Exception NoLongerQuiet()
    {
        var stale = new ConnectionClosedException(StaleConnection, HttpPhase.Send, wire.Break);
        return wire.Explain(stale) ?? stale;
    }

    private bool IsUnwanted => _sendFailure is not null || _head is { Status: >= 300 };

    // Expect: 100-continue (RFC 9110, section 10.1.1): the body waits for a word of the server, but not for ever.
    private async ValueTask<bool> MaySendBody<TMode>()
        where TMode : struct, IWaitMode
    {
        if (!session.AwaitsContinue)
            return true;
        await Flush<TMode>().ConfigureAwait(false);
        Deadline by = Deadline.In(_terms.Timeout.Continue, connection.Clock);
        while (session.AwaitsContinue && _sendFailure is null && await HasAnswer<TMode>(by.Remaining).ConfigureAwait(false))
        {
        }

        // A server that has said yes already may still wait for the body that it let be announced.
        return !IsUnwanted;
    }

    /// <summary>Whether something of the response came within the time; what came is parsed.</summary>
    private ValueTask<bool> HasAnswer<TMode>(TimeSpan limit)
        where TMode : struct, IWaitMode => Heard(wire.Listener.TryFill<TMode>(limit));

    private async ValueTask<bool> Heard(ValueTask<int?> receiving)
    {
        int? received = await receiving.ConfigureAwait(false);
        if (received is null)
            return false;
        if (received == 0)
            _sendFailure ??= wire.Break ?? new EndOfStreamException("The server closed the connection while the request was being sent.");
        else
            TryParseHead();
        return true;
    }

    private static int PartLength<TMode>()
        where TMode : struct, IWaitMode => TMode.IsBlocking ? BlockingPartLength : AsynchronousPartLength;

    private async ValueTask SendBody<TMode>(RequestBody body)
        where TMode : struct, IWaitMode
    {
        long? length = body.Length; // once: for a file it is a question to the system
        int most = PartLength<TMode>();
        if (body.InMemory is { } bytes)
        {
            // A large one in parts, so that a refusal is heard before all of it is on its way.
            for (; bytes.Length > most; bytes = bytes[most..])
            {
                if (!await SendPart<TMode>(bytes[..most], length).ConfigureAwait(false) || await IsRefused<TMode>().ConfigureAwait(false))
                    return;
            }

            if (await SendPart<TMode>(bytes, length).ConfigureAwait(false))
                session.EndRequest(null, wire);
            return;
        }

        if (body is PushedBody pushed)
        {
            await PushBody<TMode>(pushed, length).ConfigureAwait(false);
            return;
        }

        _hasOpenedBody = true;
        Stream source = body.Open();
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(length ?? most, 1, most));
        try
        {
            while (true)
            {
                AwaitSource();
                int count = await TMode.Read(source, buffer, _terms.CancellationToken).ConfigureAwait(false);
                AwaitNetwork();
                if (count == 0)
                    break;
                if (!await SendPart<TMode>(buffer.AsMemory(0, count), length).ConfigureAwait(false))
                    return;
                await Flush<TMode>().ConfigureAwait(false);
                if (await IsRefused<TMode>().ConfigureAwait(false))
                    return;
            }

            session.EndRequest(body.GetTrailers(), wire);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await TMode.Dispose(source).ConfigureAwait(false);
        }
    }

    // RFC 9112, section 9.5: a server that answers early with a refusal does not want the rest of the body.
    private async ValueTask<bool> IsRefused<TMode>()
        where TMode : struct, IWaitMode
    {
        if (_head is null && _sendFailure is null)
            await HasAnswer<TMode>(TimeSpan.Zero).ConfigureAwait(false);
        return IsUnwanted;
    }

    // False when the rest is not wanted and not all of it was sent.
    private async ValueTask<bool> SendPart<TMode>(ReadOnlyMemory<byte> data, long? length)
        where TMode : struct, IWaitMode
    {
        session.BeginData(data.Length, wire);
        _bodySent += data.Length;
        if (!await Write<TMode>(data).ConfigureAwait(false))
            return false;
        session.EndData(wire);
        _terms.UploadProgress?.Report(new TransferProgress(_bodySent, length));
        return true;
    }

    private async ValueTask<bool> Write<TMode>(ReadOnlyMemory<byte> data)
        where TMode : struct, IWaitMode
    {
        // A receive can be begun in the mode only in which it is going to be ended.
        bool isWatched = data.Length >= LeastWatchedWrite && TMode.IsBlocking == _isBlocking;
        if (isWatched && TMode.IsBlocking)
            return await WriteAsItFits<TMode>(data).ConfigureAwait(false);
        Task writing = Guarded(wire.Write<TMode>(data)).AsTask();
        if (isWatched && !writing.IsCompleted)
            await Listening<TMode>(writing).ConfigureAwait(false);
        await writing.ConfigureAwait(false);
        return _sendFailure is null;
    }

    // A server that has answered may neither read on nor close; then the write never ends, and only the answer tells.
    private async ValueTask Listening<TMode>(Task writing)
        where TMode : struct, IWaitMode
    {
        while (_head is null && _sendFailure is null && await Heard(wire.Listener.TryFillBefore<TMode>(writing)).ConfigureAwait(false))
        {
        }

        if (IsUnwanted && !writing.IsCompleted)
            wire.Listener.StopSending();
    }

    /// <inheritdoc cref="Listening"/>
    private async ValueTask<bool> WriteAsItFits<TMode>(ReadOnlyMemory<byte> data)
        where TMode : struct, IWaitMode
    {
        for (int count; !data.IsEmpty && _sendFailure is null; data = data[count..])
        {
            while (!wire.Listener.HasRoom(_hearing))
            {
                if (await IsRefused<TMode>().ConfigureAwait(false))
                    return false;
            }

            count = Math.Min(data.Length, SureToFit);
            await Guarded(wire.Write<TMode>(data[..count])).ConfigureAwait(false);
        }

        return _sendFailure is null;
    }

    private ValueTask Flush<TMode>()
        where TMode : struct, IWaitMode
    {
        ValueTask sending = wire.Flush<TMode>();
        return sending.IsCompletedSuccessfully ? sending : Guarded(sending);
    }

    // A write that fails is remembered, not thrown: the server may have answered before it closed, and its answer is worth more than
    // a broken pipe.
    private async ValueTask Guarded(ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception e) when (WireFailures.IsBreak(e))
        {
            _sendFailure = e;
        }
    }
}
