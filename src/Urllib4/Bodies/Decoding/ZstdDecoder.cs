namespace Urllib4.Bodies;

/// <summary>
/// Zstandard (RFC 8878) through the system's libzstd: any number of frames, skippable ones too, each with its checksum if it has one.
/// </summary>
/// <remarks>
/// After a frame only a frame may follow: the format has skippable frames for anything else, so other bytes are an error (DC-03).
/// </remarks>
internal sealed class ZstdDecoder(ZstdLibrary library) : ContentDecoder("zstd")
{
    // 8 MB, what RFC 9659 lets a server ask of a client; the format itself would allow terabytes.
    private const int WindowLog = 23;

    private readonly ZstdHandle _handle = new(library, WindowLog);
    private bool _betweenFrames = true;
    private bool _outputWaits;

    public override void Dispose() => _handle.Dispose();

    protected override DecodeStatus Advance(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;

        // Never called for nothing: it would open the next frame, so that a whole body looked cut, and it counts such calls as an error.
        while (consumed < source.Length || _outputWaits)
        {
            var (taken, given) = Step(source[consumed..], destination[written..]);
            consumed += taken;
            written += given;
            _outputWaits = written == destination.Length && !_betweenFrames;
            if (written == destination.Length)
                return DecodeStatus.NeedOutput;
            if (taken + given == 0 && consumed < source.Length)
                throw Corrupt("the decoder makes no progress.");
        }

        return DecodeStatus.NeedInput;
    }

    protected override bool IsComplete() => _betweenFrames;

    private unsafe (int Taken, int Given) Step(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var held = false;
        try
        {
            _handle.DangerousAddRef(ref held);
            fixed (byte* from = source, to = destination)
            {
                var input = new ZstdBuffer(from, source.Length);
                var output = new ZstdBuffer(to, destination.Length);
                var result = library.Decompress(_handle.DangerousGetHandle(), ref output, ref input);
                if (library.IsError(result))
                    throw Corrupt($"libzstd says \"{library.ErrorName(result)}\".");
                _betweenFrames = result == 0;
                return ((int)input.Position, (int)output.Position);
            }
        }
        finally
        {
            if (held)
                _handle.DangerousRelease();
        }
    }
}
