using System.Buffers;
using System.IO.Compression;

namespace Urllib4.Bodies;

/// <summary>Brotli (RFC 7932) through the platform's <see cref="BrotliDecoder"/>; unlike its stream, it knows where data ends.</summary>
/// <remarks>Bytes after the end are swallowed (DC-03). The window, and so the memory, is at most 16 MB, as the format has it.</remarks>
internal sealed class BrotliContentDecoder() : ContentDecoder("br")
{
    private BrotliDecoder _decoder;

    public override void Dispose() => _decoder.Dispose();

    protected override DecodeStatus Advance(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written) =>
        _decoder.Decompress(source, destination, out consumed, out written) switch
        {
            OperationStatus.Done => DecodeStatus.Done,
            OperationStatus.NeedMoreData when consumed == source.Length => DecodeStatus.NeedInput,
            OperationStatus.DestinationTooSmall when consumed + written > 0 => DecodeStatus.NeedOutput,
            OperationStatus.InvalidData => throw Corrupt("it breaks the format."),
            _ => throw Corrupt("the decoder makes no progress."),
        };

    protected override bool IsComplete() => false;
}
