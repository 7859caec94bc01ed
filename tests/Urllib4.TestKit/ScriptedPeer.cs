using System.Net.Sockets;
using System.Text;

namespace Urllib4.TestKit;

/// <summary>
/// A peer in memory that follows a <see cref="Dialogue"/>. The client gets <see cref="ClientEnd"/>, a stream to be used blocking or
/// asynchronously; each read gets one piece of the script at most, so that the borders of the pieces are seen.
/// </summary>
/// <remarks>
/// The peer has no thread: it goes on with its script whenever the client writes or reads, a gate opens, or time advances.
/// All state is guarded by one monitor, which is pulsed on every change.
/// </remarks>
public sealed class ScriptedPeer
{
    private readonly object _gate = new();
    private readonly IReadOnlyList<Step> _steps;
    private readonly Expectations _client = new(connection: 0);
    private readonly Queue<byte[]> _pieces = new();
    private readonly List<ReceivedRequest> _requests = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Gate? _awaited;
    private DialogueException? _failure;
    private int _index;
    private int _offset;
    private bool _running;
    private bool _runAgain;
    private int? _takes;
    private bool _thenFails;
    private bool _ended;
    private bool _broken;
    private bool _disposed;

    /// <summary>Makes a peer.</summary>
    /// <param name="dialogue">What it follows.</param>
    /// <param name="time">The clock of its delays and of the timeouts of the stream; one of its own when left out.</param>
    public ScriptedPeer(Dialogue dialogue, VirtualTime? time = null)
    {
        _steps = dialogue.Steps;
        Time = time ?? new VirtualTime();
        ClientEnd = new ScriptedStream(this);
        Changed();
    }

    /// <summary>The client's end of the connection.</summary>
    public Stream ClientEnd { get; }

    /// <summary>The clock of delays and timeouts.</summary>
    public VirtualTime Time { get; }

    /// <summary>The requests that the dialogue expected and got, in order.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => Locked(() => _requests.ToArray());

    /// <summary>Everything the client wrote.</summary>
    public byte[] Written => Locked(_client.Received.All);

    /// <summary>Everything the client wrote, a character a byte.</summary>
    public string WrittenText => Encoding.Latin1.GetString(Written);

    /// <summary>How often the client read.</summary>
    public int Reads { get; private set; }

    /// <summary>How often it read into an empty buffer, to learn whether there is something.</summary>
    public int ZeroByteReads { get; private set; }

    /// <summary>How often the client wrote.</summary>
    public int Writes { get; private set; }

    /// <summary>How many reads are waiting for the peer.</summary>
    public int WaitingReads { get; private set; }

    /// <summary>Whether the client disposed of its end.</summary>
    public bool IsDisposed => Locked(() => _disposed);

    /// <summary>Whether a read would not have to wait: there are bytes, or the end, or an error. What polling a socket would say.</summary>
    public bool IsReadable => Locked(() => _pieces.Count > 0 || _ended || _broken);

    /// <summary>Holds the calling thread until a read of the client waits for the peer.</summary>
    /// <exception cref="TimeoutException">No read waits after two minutes of real time.</exception>
    public void WaitUntilReading()
    {
        lock (_gate)
            Guard.WaitUntil(_gate, () => WaitingReads > 0, null, () => "the client to read");
    }

    /// <summary>Asserts that the client kept to the dialogue, that all of it was spoken, and that nothing was said after it.</summary>
    /// <exception cref="DialogueException">It was not so.</exception>
    public void AssertFinished()
    {
        lock (_gate)
        {
            ThrowFailure();
            if (_index < _steps.Count && _steps[_index] is not (Step.Stall or Step.SendForever))
                throw new DialogueException($"The dialogue stopped at line {_index} of {_steps.Count}: {_steps[_index]}");
            if (_client.Received.Unread.Length > 0)
                throw new DialogueException($"The client said more than was expected of it:\n{WrittenText}");
        }
    }

    internal int Read(Span<byte> buffer, int timeout)
    {
        lock (_gate)
        {
            CountRead(buffer.Length);
            using var patience = new Patience(_gate, Time, timeout);
            bool waited = false;
            int read;
            while (!TryRead(buffer, waited, out read))
            {
                waited = true;
                WaitingReads++;
                Monitor.PulseAll(_gate);
                try
                {
                    patience.Wait();
                }
                finally
                {
                    WaitingReads--;
                }
            }

            return read;
        }
    }

    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            CountRead(buffer.Length);
        for (bool waited = false; ; waited = true)
        {
            Task changed;
            lock (_gate)
            {
                if (TryRead(buffer.Span, waited, out int read))
                    return read;
                changed = _changed.Task;
                WaitingReads++;
                Monitor.PulseAll(_gate);
            }

            try
            {
                await Patience.Wait(changed, cancellationToken);
            }
            finally
            {
                lock (_gate)
                    WaitingReads--;
            }
        }
    }

    internal void Write(ReadOnlySpan<byte> bytes, int timeout)
    {
        lock (_gate)
        {
            Writes++;
            using var patience = new Patience(_gate, Time, timeout);
            for (bool waited = false; !TryWrite(ref bytes, waited); waited = true)
                patience.Wait();
        }
    }

    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            Writes++;
        for (bool waited = false; ; waited = true)
        {
            Task changed;
            lock (_gate)
            {
                ReadOnlySpan<byte> rest = bytes.Span;
                if (TryWrite(ref rest, waited))
                    return;
                bytes = bytes[^rest.Length..];
                changed = _changed.Task;
            }

            await Patience.Wait(changed, cancellationToken);
        }
    }

    internal void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Changed();
        }
    }

    private void CountRead(int length)
    {
        Reads++;
        if (length == 0)
            ZeroByteReads++;
    }

    private bool TryRead(Span<byte> buffer, bool waited, out int read)
    {
        ThrowUnusable(waited);
        if (_pieces.Count == 0 && _index < _steps.Count && _steps[_index] is Step.SendForever forever)
            _pieces.Enqueue(forever.Piece);
        read = 0;
        if (!_pieces.TryPeek(out byte[]? piece))
        {
            if (_broken && !_ended)
                throw Failure(SocketError.ConnectionReset);
            return _ended;
        }

        read = Math.Min(piece.Length - _offset, buffer.Length);
        piece.AsSpan(_offset, read).CopyTo(buffer);
        _offset += read;
        if (_offset == piece.Length)
        {
            _pieces.Dequeue();
            _offset = 0;
        }

        return true;
    }

    private bool TryWrite(ref ReadOnlySpan<byte> bytes, bool waited)
    {
        ThrowUnusable(waited);
        if (_broken)
            throw Failure(SocketError.ConnectionReset);
        int taken = Math.Min(bytes.Length, _takes ?? int.MaxValue);
        _takes -= taken;
        _client.Received.Append(bytes[..taken]);
        bytes = bytes[taken..];
        if (taken > 0)
            Changed();
        ThrowFailure();
        if (bytes.IsEmpty)
            return true;
        if (!_thenFails)
            return false;
        _broken = true;
        throw Failure(SocketError.ConnectionReset);
    }

    private void ThrowUnusable(bool waited)
    {
        if (_disposed)
            throw waited ? Failure(SocketError.OperationAborted) : new ObjectDisposedException(nameof(ClientEnd));
        ThrowFailure();
    }

    private void ThrowFailure()
    {
        if (_failure is not null)
            throw new DialogueException(_failure.Message, _failure);
    }

    private T Locked<T>(Func<T> get)
    {
        lock (_gate)
            return get();
    }

    private void Changed()
    {
        lock (_gate)
        {
            _runAgain = true;
            if (_running)
                return;
            _running = true;
            try
            {
                while (_runAgain)
                {
                    _runAgain = false;
                    while (_index < _steps.Count && _failure is null && TryStep(_steps[_index]))
                        continue;
                }
            }
            catch (DialogueException e)
            {
                _failure = e;
            }

            _running = false;
            Monitor.PulseAll(_gate);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private bool TryStep(Step step)
    {
        switch (step)
        {
            case Step.Send send:
                Enqueue(send.Piece);
                break;
            case Step.Respond respond:
                Enqueue(respond.Answer(_client.Current));
                break;
            case Step.Open open:
                open.Gate.Open();
                break;
            case Step.WaitFor wait:
                return TryPass(wait.Gate);
            case Step.Delay delay:
                return TryPass(_awaited ?? OpenedAfter(delay.Time));
            case Step.Eof or Step.Cut:
                _ended = true;
                break;
            case Step.Close or Step.Reset:
                _ended = step is Step.Close;
                _broken = true;
                break;
            case Step.TakeAtMost take:
                (_takes, _thenFails) = (take.Bytes, take.ThenFail);
                break;
            case Step.ExpectEof when _client.Received.Unread.Length > 0:
                throw new DialogueException("The client spoke where it should have closed.");
            case Step.ExpectEof:
                return _disposed && Next();
            case Step.GoTo go:
                _index = go.Index;
                return true;
            case Step.StartTls:
                throw new DialogueException("TLS is spoken on sockets only: use a MisbehavingServer.");
            case Step.Stall or Step.SendForever:
                return false;
            default:
                return _client.TryMeet(step, _requests.Add) && Next();
        }

        return Next();
    }

    private void Enqueue(byte[] piece)
    {
        if (piece.Length > 0)
            _pieces.Enqueue(piece);
    }

    private bool Next()
    {
        _index++;
        return true;
    }

    private bool TryPass(Gate gate)
    {
        if (gate.IsOpen)
        {
            _awaited = null;
            return Next();
        }

        if (_awaited == gate)
            return false;
        _awaited = gate;
        gate.WhenOpen(Changed);
        return false;
    }

    private Gate OpenedAfter(TimeSpan delay)
    {
        var gate = new Gate();
        Time.CreateTimer(static g => ((Gate)g!).Open(), gate, delay, Timeout.InfiniteTimeSpan);
        return gate;
    }

    private static IOException Failure(SocketError error)
    {
        var cause = new SocketException((int)error);
        return new IOException(cause.Message, cause);
    }
}
