namespace Urllib4.Bodies;

/// <summary>
/// "deflate" means the zlib format (RFC 9110, section 8.4.1.2), but some servers send raw deflate. The first two bytes tell: a zlib header
/// is a multiple of 31 with method 8 and a window of at most 32 KB, and no known encoder begins raw deflate that way (DC-12).
/// </summary>
internal sealed class DeflateSniffer() : ContentDecoder("deflate")
{
    private byte? _first;
    private InflateDecoder? _decoder;

    public override void Dispose() => _decoder?.Dispose();

    protected override DecodeStatus Advance(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        if (_decoder is not null)
            return _decoder.Decode(source, destination, out consumed, out written);

        consumed = 0;
        written = 0;
        if (_first is null && !source.IsEmpty)
            _first = source[consumed++];
        if (_first is not { } first || consumed == source.Length)
            return DecodeStatus.NeedInput;

        _decoder = IsZlibHeader(first, source[consumed]) ? InflateDecoder.Zlib() : InflateDecoder.Raw();

        // One byte is too short to give anything or to end, in either format.
        _decoder.Decode([first], destination, out _, out _);
        var status = _decoder.Decode(source[consumed..], destination, out var rest, out written);
        consumed += rest;
        return status;
    }

    /// <summary>The inner decoder would have said <see cref="DecodeStatus.Done"/>: both formats mark their end.</summary>
    protected override bool IsComplete() => false;

    private static bool IsZlibHeader(byte first, byte second) =>
        (first & 0x0F) == 8 && first >> 4 <= 7 && ((first << 8) | second) % 31 == 0;
}
