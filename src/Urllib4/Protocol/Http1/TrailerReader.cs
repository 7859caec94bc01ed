using Urllib4.Primitives;

namespace Urllib4.Protocol.Http1;

/// <summary>
/// Reads the trailer section of a chunked body (RFC 9112, section 7.1.2). Its fields are kept apart from the headers, and those that
/// have no business in a trailer are dropped: the body is complete and no use of them would be safe.
/// </summary>
internal sealed class TrailerReader(HttpLimits limits)
{
    private LineScanner _lines;
    private int _kept;
    private int _allowed = limits.MaxTrailerBytes;

    /// <summary>The fields that came, or null when there were none.</summary>
    public HttpHeaderDict? Trailers { get; private set; }

    /// <param name="headBytes">How long the head was, with the 1xx before it.</param>
    public void Start(int headBytes = 0)
    {
        _allowed = limits.TrailersAreOfHead ? Math.Max(0, limits.MaxHeaderBytes - headBytes) : limits.MaxTrailerBytes;
        _lines = default;
        _kept = 0;
        Trailers = null;
    }

    /// <summary>True when the section is complete; until then nothing is consumed.</summary>
    public bool Read(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        // The blank line that ends every chunked body is not of the server's choosing, so it does not count.
        long allowed = _allowed + 2L;
        ReadOnlySpan<byte> window = input[..(int)Math.Min(input.Length, allowed)];
        // Kept back until the end is sure, so that a faulty line is met again by the next call.
        LineScanner lines = _lines;
        int kept = _kept;
        while (true)
        {
            LineResult result = lines.Next(window, out ReadOnlySpan<byte> line);
            if (result is LineResult.NeedMore && input.Length > allowed)
                throw limits.TrailersAreOfHead
                    ? new LimitExceededException(
                        nameof(HttpLimits.MaxHeaderBytes), limits.MaxHeaderBytes, "Head and trailers of the response", HttpPhase.Body)
                    : new LimitExceededException(
                        nameof(HttpLimits.MaxTrailerBytes), limits.MaxTrailerBytes, "The bytes of the trailers", HttpPhase.Body);
            if (result is LineResult.NeedMore)
            {
                _lines = lines;
                _kept = kept;
                return false;
            }

            if (result is LineResult.Broken)
                throw Fault(line);
            if (line.IsEmpty)
                break;
            int colon = NameLength(line);
            kept += TrailerFields.IsForbidden(line[..colon]) ? 0 : line.Length + 2;
        }

        consumed = lines.Position;
        if (kept > 0)
            Trailers = HttpHeaderDict.FromWire(Keep(input[..(consumed - 2)], kept));
        return true;
    }

    private static byte[] Keep(ReadOnlySpan<byte> section, int size)
    {
        byte[] kept = new byte[size];
        int length = 0;
        while (!section.IsEmpty)
        {
            int lineLength = section.IndexOf((byte)'\n') + 1;
            if (!TrailerFields.IsForbidden(section[..NameLength(section)]))
            {
                section[..lineLength].CopyTo(kept.AsSpan(length));
                length += lineLength;
            }

            section = section[lineLength..];
        }

        return kept;
    }

    // Nobody ever had a reason to fold a trailer, so unlike in the head a line that begins with a blank is an error.
    private static int NameLength(ReadOnlySpan<byte> line)
    {
        int colon = HeaderRules.IndexOfIllegalInToken(line);
        return colon > 0 && line[colon] == ':' ? colon : throw Fault(line);
    }

    private static ProtocolException Fault(ReadOnlySpan<byte> line)
    {
        string shown = Escaping.Show(HttpGrammar.WithoutValue(line));
        return new ProtocolException(
            $"A trailer is not a name, a colon, a value and CRLF: '{shown}' (RFC 9112, section 7.1.2).", HttpPhase.Body);
    }
}
