using Urllib4.Primitives;

namespace Urllib4.Protocol.Http1;

/// <summary>
/// A chunked body (RFC 9112, section 7.1), read to the letter: every leniency in chunk framing has been used to hide a second response.
/// </summary>
internal sealed class ChunkedReader(HttpLimits limits) : BodyReader
{
    private const int MaxSizeDigits = 16;

    private readonly TrailerReader _trailers = new(limits);
    private LineScanner _line;
    private Phase _phase;
    private long _left;
    private long _extensionBytes;

    private enum Phase : byte
    {
        SizeLine,
        Data,
        DataEnd,
        Trailers,
        Done,
    }

    /// <summary>The trailers, once the body is complete; null when there were none.</summary>
    public HttpHeaderDict? Trailers => _trailers.Trailers;

    public override long DirectBytes => _phase is Phase.Data ? _left : 0;

    /// <param name="headBytes">How long the head was, with the 1xx before it.</param>
    public void Start(int headBytes = 0)
    {
        _trailers.Start(headBytes);
        _line = default;
        _phase = Phase.SizeLine;
        _left = 0;
        _extensionBytes = 0;
        Received = 0;
    }

    /// <remarks>Goes on over chunk borders, and past the last byte to the end of the body if that has arrived too.</remarks>
    public override BodyResult Read(ReadOnlySpan<byte> input, Span<byte> destination, out int consumed, out int written)
    {
        consumed = written = 0;
        try
        {
            while (Step(input[consumed..], destination[written..], ref consumed, ref written))
            {
            }
        }
        catch (ProtocolException) when (written > 0)
        {
            // The good bytes come first. The fault was not consumed, so the next call meets it again.
            return BodyResult.Data;
        }

        if (_phase is Phase.Done)
            return BodyResult.End;
        return GoesOn(written, _phase is Phase.Data && input.Length > consumed);
    }

    public override bool TookDirect(int count)
    {
        Received += count;
        _left -= count;
        if (_left == 0)
            _phase = Phase.DataEnd;
        return false;
    }

    public override void ReceiveEof(bool clean, Exception? cause) =>
        throw Ended(null, clean, cause);

    private bool Step(ReadOnlySpan<byte> input, Span<byte> destination, ref int consumed, ref int written)
    {
        switch (_phase)
        {
            case Phase.SizeLine:
                return TakeSizeLine(input, ref consumed);
            case Phase.Data:
                int count = Copy(input, destination, _left);
                consumed += count;
                written += count;
                _left -= count;
                if (_left > 0)
                    return false;
                _phase = Phase.DataEnd;
                return true;
            case Phase.DataEnd:
                return TakeDataEnd(input, ref consumed);
            case Phase.Trailers:
                bool complete = _trailers.Read(input, out int length);
                consumed += length;
                if (complete)
                    _phase = Phase.Done;
                return false;
            default:
                return false;
        }
    }

    private bool TakeSizeLine(ReadOnlySpan<byte> input, ref int consumed)
    {
        long allowed = limits.MaxChunkLineBytes + 2L;
        LineScanner scanner = _line;
        LineResult result = scanner.Next(input[..(int)Math.Min(input.Length, allowed)], out ReadOnlySpan<byte> line);
        switch (result)
        {
            case LineResult.NeedMore when input.Length > allowed:
                throw Over(nameof(HttpLimits.MaxChunkLineBytes), limits.MaxChunkLineBytes, "A chunk-size line");
            case LineResult.NeedMore:
                _line = scanner;
                return false;
            case LineResult.Broken:
                throw Fault("the line of a chunk size does not end in CRLF", line);
        }

        long size = ParseSize(line, out int digits);
        CheckExtensions(line[digits..]);
        consumed += line.Length + 2;
        _line = default;
        _left = size;
        _phase = size == 0 ? Phase.Trailers : Phase.Data;
        return true;
    }

    private static long ParseSize(ReadOnlySpan<byte> line, out int digits)
    {
        ulong size = 0;
        for (digits = 0; digits < line.Length && char.IsAsciiHexDigit((char)line[digits]); digits++)
        {
            if (digits == MaxSizeDigits)
                throw Fault("a chunk size has more than 16 digits", line);
            uint letter = line[digits] | 0x20u;
            size = (size << 4) | (letter >= 'a' ? letter - 'a' + 10 : letter - '0');
        }

        if (digits == 0 || size > long.MaxValue)
            throw Fault("a chunk size is not a hexadecimal number below 2^63", line);
        return (long)size;
    }

    // Unknown extensions are ignored, but their quotes must close on the line: else the peer that let a line end stand inside them
    // and we would disagree on where the chunk begins.
    private void CheckExtensions(ReadOnlySpan<byte> extensions)
    {
        if (extensions.IsEmpty)
            return;
        ReadOnlySpan<byte> text = extensions.TrimStart(HttpGrammar.Whitespace);
        if (!text.IsEmpty && text[0] != ';')
            throw Fault("behind a chunk size stands something other than ';'", extensions);
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                quoted = !quoted;
            else if (quoted && text[i] == '\\')
                i++;
        }

        if (quoted)
            throw Fault("a quoted chunk extension does not end on its line", extensions);

        // One-byte chunks with long extensions multiply the traffic (CVE-2023-39326), so extensions may not outgrow the body by much.
        if (_extensionBytes + extensions.Length > limits.MaxChunkExtensionBytes + Received)
            throw Over(nameof(HttpLimits.MaxChunkExtensionBytes), limits.MaxChunkExtensionBytes, "Chunk extensions, less the body,");
        _extensionBytes += extensions.Length;
    }

    private bool TakeDataEnd(ReadOnlySpan<byte> input, ref int consumed)
    {
        int length = Math.Min(input.Length, 2);
        if (!input[..length].SequenceEqual("\r\n"u8[..length]))
            throw Fault("the data of a chunk is not followed by CRLF", input[..length]);
        if (length < 2)
            return false;
        consumed += 2;
        _phase = Phase.SizeLine;
        return true;
    }

    private static LimitExceededException Over(string limitName, int limit, string what) => new(limitName, limit, what, HttpPhase.Body);

    private static InvalidChunkException Fault(string rule, ReadOnlySpan<byte> shown) =>
        new($"The chunks of the response are broken: {rule}: '{Escaping.Show(shown)}' (RFC 9112, section 7.1).");
}
