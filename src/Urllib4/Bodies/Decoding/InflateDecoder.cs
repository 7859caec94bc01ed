using System.IO.Compression;

namespace Urllib4.Bodies;

/// <summary>
/// gzip (RFC 1952, any number of members), zlib (RFC 1950) and raw deflate (RFC 1951) through the platform's zlib, which checks header,
/// CRC-32, length and Adler-32 of what it reads to the end, but does not mind when the end never comes. This class does.
/// </summary>
/// <remarks>
/// A decompressor that returns nothing has either finished or run dry, and only in the second case did it ask its feed for more.
/// The process-wide switch <c>System.IO.Compression.UseStrictValidation</c> makes it throw when it runs dry; that means the same here.
/// Bytes after the end are swallowed, as in urllib3 and curl; after gzip, unless they start like another member (DC-03).
/// </remarks>
internal sealed class InflateDecoder : ContentDecoder
{
    private readonly DecoderFeed _feed = new();
    private readonly Stream _platform;
    private readonly bool _hasMembers;

    private InflateDecoder(string coding, Func<Stream, Stream> open, bool hasMembers)
        : base(coding)
    {
        _platform = open(_feed);
        _hasMembers = hasMembers;
    }

    public static InflateDecoder Gzip() =>
        new("gzip", static feed => new GZipStream(feed, CompressionMode.Decompress), hasMembers: true);

    public static InflateDecoder Zlib() =>
        new("deflate", static feed => new ZLibStream(feed, CompressionMode.Decompress), hasMembers: false);

    public static InflateDecoder Raw() =>
        new("deflate", static feed => new DeflateStream(feed, CompressionMode.Decompress), hasMembers: false);

    public override void Dispose()
    {
        _platform.Dispose();
        _feed.Dispose();
    }

    protected override DecodeStatus Advance(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        while (written < destination.Length)
        {
            consumed += _feed.Refill(source[consumed..]);
            var count = Read(destination[written..]);
            written += count;
            if (count > 0)
                continue;
            if (!_feed.Starved)
                return DecodeStatus.Done;
            if (consumed == source.Length)
                return DecodeStatus.NeedInput;
        }

        return DecodeStatus.NeedOutput;
    }

    /// <summary>
    /// Only gzip has to ask: between two members the platform waits for the next, so a whole body runs dry like a cut one. A byte that
    /// cannot open a member tells them apart. After a member it is left alone; anywhere else it is taken, and more is wanted, or refused.
    /// </summary>
    protected override bool IsComplete()
    {
        if (!_hasMembers)
            return false;
        Span<byte> destination = stackalloc byte[1];
        _feed.Refill([0]);
        try
        {
            return Read(destination) == 0 && !_feed.Starved;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private int Read(Span<byte> destination)
    {
        _feed.Starved = false;
        try
        {
            return _platform.Read(destination);
        }
        catch (InvalidDataException) when (_feed.Starved)
        {
            return 0;
        }
    }
}
