using Urllib4.Waiting;

namespace Urllib4.Bodies;

/// <summary>Compresses a stream while it is read, where the platform's compressors are made to be written to.</summary>
internal sealed class CompressingStream : ForwardStream
{
    private const int InputSize = 16 * 1024; // the largest body of a TLS record, and what senders read at a time

#pragma warning disable CA2213 // Release disposes it, where the rule does not look
    private readonly Stream _source;
#pragma warning restore CA2213
    private readonly MemoryStream _output = new();
    private readonly Stream _compressor;
    private readonly ReadOnlyMemory<byte> _nothing;
    private readonly byte[] _input = new byte[InputSize];
    private bool _begun;
    private int _taken;
    private bool _ended;

    /// <param name="source">What is compressed; disposed with this stream.</param>
    /// <param name="compressor">Makes a stream that writes compressed bytes to the one it gets.</param>
    /// <param name="nothing">What stands for an empty source: of that, some of the platform's compressors make no bytes at all.</param>
    public CompressingStream(Stream source, Func<Stream, Stream> compressor, ReadOnlyMemory<byte> nothing)
    {
        _nothing = nothing;
        _source = source;
        _compressor = compressor(_output);
    }

    public override int Read(Span<byte> buffer)
    {
        ThrowIfReleased();
        while (_taken == _output.Length && !_ended && !buffer.IsEmpty)
            Blocking.Result(Compress<Blocking>(default));
        return Take(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfReleased();
        while (_taken == _output.Length && !_ended && !buffer.IsEmpty)
            await Compress<Asynchronous>(cancellationToken).ConfigureAwait(false);
        return Take(buffer.Span);
    }

    protected override async ValueTask Release<TMode>()
    {
        try
        {
            _compressor.Dispose(); // into memory, so it never waits
        }
        finally
        {
            await TMode.Dispose(_source).ConfigureAwait(false);
        }
    }

    private async ValueTask Compress<TMode>(CancellationToken cancellationToken) where TMode : struct, IWaitMode
    {
        _output.SetLength(0);
        _taken = 0;
        int count = await TMode.Read(_source, _input, cancellationToken).ConfigureAwait(false);
        if (count > 0)
        {
            _begun = true;
            _compressor.Write(_input.AsSpan(0, count));
            return;
        }

        if (_begun)
            _compressor.Dispose(); // writes what it held back
        else
            _output.Write(_nothing.Span);
        _ended = true;
    }

    private int Take(Span<byte> buffer)
    {
        int count = int.Min(buffer.Length, (int)_output.Length - _taken);
        _output.GetBuffer().AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }
}
