namespace Urllib4.Bodies;

/// <summary>
/// Two codings on top of each other; more are chains of chains. What lies between the two is one buffer of fixed size, whatever the ratio,
/// and it belongs to the collector, so nothing is lost however the reading ends (DC-01, DC-06).
/// </summary>
/// <param name="first">Undoes the coding that was applied last.</param>
/// <param name="second">Undoes the one below it.</param>
internal sealed class ChainDecoder(ContentDecoder first, ContentDecoder second) : ContentDecoder("coded")
{
    // Stacked bombs can keep both decoders busy for hours without a byte of output: a megabyte in between, then the caller can look
    // at its clock.
    private const int RoundsPerCall = 64;

    private readonly byte[] _between = new byte[16 * 1024];
    private int _start;
    private int _end;
    private DecodeStatus _below = DecodeStatus.NeedInput;

    public override void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    protected override DecodeStatus Advance(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        for (var round = 0; round < RoundsPerCall; round++)
        {
            if (_start < _end || _below == DecodeStatus.NeedOutput)
            {
                _below = second.Decode(_between.AsSpan(_start.._end), destination[written..], out var taken, out var given);
                _start += taken;
                written += given;
                if (written == destination.Length)
                    return DecodeStatus.NeedOutput;
                continue;
            }

            // Even when the second has its end, the first is read to its own: only there are its checksums.
            var above = first.Decode(source[consumed..], _between, out var read, out _end);
            _start = 0;
            consumed += read;
            if (_end == 0 && above != DecodeStatus.NeedOutput)
                return above == DecodeStatus.Done && _below == DecodeStatus.Done ? DecodeStatus.Done : DecodeStatus.NeedInput;
        }

        return DecodeStatus.NeedOutput;
    }

    protected override bool IsComplete()
    {
        first.Finish();
        second.Finish();
        return true;
    }
}
