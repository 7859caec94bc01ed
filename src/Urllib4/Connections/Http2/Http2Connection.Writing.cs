using Urllib4.Protocol.Http2;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <content>
/// What goes to the server. Everybody puts frames into one queue; whoever finds nobody writing takes the turn and writes what is there. A
/// caller writes for as long as the network takes it at once. When it does not, a thread of its own takes the turn over: so no caller is
/// held up by what others send, and no thread of the pool by a slow network.
/// </content>
internal sealed partial class Http2Connection
{
    private const int WriterStackLength = 256 * 1024;

    // What the network takes at once when it says that it has room, and what one TLS record holds.
    private const int PieceLength = 16 * 1024;

    // How much of uploads may lie in the queue, so that what is urgent never waits for more.
    private const int QueuedUploads = 64 * 1024;

    // How often one caller writes what others have queued meanwhile, before he goes his way.
    private const int MostRounds = 16;

    // How long a connection that has ended waits until whoever writes has written the GOAWAY that says why.
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(1);

    private readonly Queue<Http2Exchange> _awaitingRoom = new();
    private bool _isWriting;
    private long _partsBy = long.MaxValue; // then the wire is cut, written or not
    private Exception? _sendFailure;

    /// <summary>Whether a part of an upload may be put into the queue. Under the gate.</summary>
    public bool HasRoom => _frames.Length < QueuedUploads;

    /// <summary>Where frames go. Under the gate.</summary>
    public FrameQueue Frames => _frames;

    /// <summary>The session. Under the gate.</summary>
    public Http2Session Session => _session;

    /// <summary>What broke the way to the server, if it did; what comes from there may still be read.</summary>
    public Exception? SendFailure => _sendFailure;

    /// <summary>Who is woken, one after the other, when the queue has room. Under the gate.</summary>
    public void AwaitRoom(Http2Exchange exchange) => _awaitingRoom.Enqueue(exchange);

    /// <summary>Sends what was queued: now, or together with what others are about to send. Not under the gate.</summary>
    public void Submit(bool isBlocking)
    {
        // A blocking caller waits for nobody's continuation.
        lock (_gate)
        {
            if (!isBlocking && _resumed.IsHolding)
                return;
        }

        Flush();
    }

    private void Flush()
    {
        if (!TryBeginWriting())
            return;
        if (_wire.Listener.CanPoll)
            WriteAtOnce();
        else
            Detach(static self => self.WriteOut<Asynchronous>(default));
    }

    /// <summary>Cuts the wire as soon as what is queued was written; a network that takes nothing is not waited for long.</summary>
    private void Part()
    {
        Flush();
        lock (_gate)
        {
            if (_isWriting)
            {
                LookAt(_partsBy);
                return;
            }
        }

        _wire.Cut(WireEnd.Closed);
    }

    private bool TryBeginWriting()
    {
        lock (_gate)
        {
            if (_isWriting || _frames.IsEmpty || _isReleased || _wire.End != WireEnd.None)
                return false;
            return _isWriting = true;
        }
    }

    private void WriteAtOnce()
    {
        for (int round = 0; TryTake(out ReadOnlyMemory<byte> data); round++)
        {
            while (!data.IsEmpty)
            {
                if (round == MostRounds || !_wire.Listener.HasRoom(TimeSpan.Zero))
                {
                    HandOver(data);
                    return;
                }

                ReadOnlyMemory<byte> piece = data[..Math.Min(data.Length, PieceLength)];
                data = data[piece.Length..];
                if (!Blocking.Result(TryWrite<Blocking>(piece)))
                    return;
            }
        }

        Release();
    }

    private void HandOver(ReadOnlyMemory<byte> rest)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                // Nobody waits for the farewell to be taken.
                _isWriting = false;
                rest = default;
            }
        }

        if (rest.IsEmpty)
        {
            Release();
            return;
        }

        var writer = new Thread(() => Blocking.Result(WriteOut<Blocking>(rest)), WriterStackLength)
        {
            IsBackground = true,
            Name = "Urllib4 HTTP/2 writer",
        };
        writer.UnsafeStart();
    }

    private async ValueTask WriteOut<TMode>(ReadOnlyMemory<byte> data)
        where TMode : struct, IWaitMode
    {
        do
        {
            if (!data.IsEmpty && !await TryWrite<TMode>(data).ConfigureAwait(false))
                return;
        }
        while (TryTake(out data));
        Release();
    }

    // False when nothing is left to be written; then the turn is over.
    private bool TryTake(out ReadOnlyMemory<byte> data)
    {
        bool wakes;
        lock (_gate)
        {
            _session.Flushed();
            data = _frames.IsEmpty ? default : _frames.TakeAll();
            _isWriting = !data.IsEmpty;
            if (!_isWriting)
                _frames.GiveBack();
            wakes = _awaitingRoom.Count > 0;
            while (_awaitingRoom.TryDequeue(out Http2Exchange? exchange))
                exchange.UnparkUpload();
        }

        if (wakes)
            Settle();
        return !data.IsEmpty;
    }

    private async ValueTask<bool> TryWrite<TMode>(ReadOnlyMemory<byte> data)
        where TMode : struct, IWaitMode
    {
        try
        {
            await _wire.Write<TMode>(data).ConfigureAwait(false);
            await _wire.Flush<TMode>().ConfigureAwait(false);
            return true;
        }
        catch (Exception e)
        {
            // Not thrown: what the server has said before it closed may still be read, and the reader meets the end by himself.
            lock (_gate)
            {
                _sendFailure = e;
                _isWriting = false;
                _frames.Clear();
                foreach (Http2Stream stream in _session.Streams)
                    ((Http2Exchange)stream.Owner!).UnparkUpload();
                Publish();
            }

            Settle();
            Release();
            return false;
        }
    }
}
