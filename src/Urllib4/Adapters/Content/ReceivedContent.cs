using System.Buffers;
using Urllib4.Connections;
using Urllib4.Waiting;

namespace Urllib4.Adapters;

/// <summary>A body that was there as soon as its head, as a content: read once, like one on its way, but from memory.</summary>
/// <remarks>
/// Most are read once and at once, so its memory is borrowed, and given back with the last byte or when the content is disposed. Whoever
/// is just reading keeps it until he is done.
/// </remarks>
internal sealed class ReceivedContent : ResponseContent
{
    private readonly int _length;
    private readonly ConnectionFigures _stamp;
    private byte[] _bytes;
    private int _position;
    private ReadGate _gate;

    /// <summary>Makes a content of borrowed memory.</summary>
    /// <param name="bytes">An array of the shared pool; for no bytes, an empty one.</param>
    /// <param name="length">How many bytes of it are the body.</param>
    /// <param name="stamp">The connection it came on.</param>
    public ReceivedContent(byte[] bytes, int length, in ConnectionFigures stamp)
    {
        _bytes = bytes;
        _length = length;
        _stamp = stamp;
        if (length == 0)
            _gate.Close();
    }

    public override ExchangeReport? Report => null;

    public override HttpConnectionInfo Connection => _stamp.ToInfo();

    public override ValueTask<int> Read<TMode>(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        try
        {
            return new(Read(buffer.Span));
        }
        catch (InvalidOperationException e) // also that the content was given up
        {
            return ValueTask.FromException<int>(e);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || !Enter())
            return 0;
        int count = Math.Min(buffer.Length, _length - _position);
        _bytes.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        if (_position == _length || !_gate.TryLeave())
            Conclude();
        return count;
    }

    public override void GiveUp()
    {
        if (_gate.TryGiveUp(out bool isBeingRead) && !isBeingRead)
            Conclude();
    }

    protected override async ValueTask Copy<TMode>(Stream destination, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            throw new TaskCanceledException(null, null, cancellationToken);
        if (!Enter())
            return;
        try
        {
            await TMode.Write(destination, _bytes.AsMemory(_position, _length - _position), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Somebody else's stream has failed, and may still be looking at the memory: nobody gets that again.
            _bytes = [];
            _gate.Close();
            throw;
        }

        _position = _length;
        Conclude();
    }

    // False at the end of the body.
    private bool Enter()
    {
        if (_gate.TryEnter(out bool isBeingRead))
            return true;
        if (isBeingRead)
            throw ResponseBody.Busy();
        return _position == _length ? false : throw ResponseBody.GivenUp();
    }

    private void Conclude()
    {
        _gate.Close();
        byte[] bytes = _bytes;
        _bytes = [];
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
