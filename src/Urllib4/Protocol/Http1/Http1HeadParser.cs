using Urllib4.Primitives;

namespace Urllib4.Protocol.Http1;

/// <summary>
/// Reads response heads: one pass that checks every line, picks out the framing fields and keeps one copy of the bytes. It stands where
/// it stopped, so a head that comes byte by byte costs neither memory nor a second look.
/// </summary>
internal sealed class Http1HeadParser(HttpLimits limits)
{
    // "HTTP/1.1 200 ": the grammar leaves no other length.
    private const int ReasonStart = 13;

    private LineScanner _lines;
    private FramingFields _framing;
    private int _statusLineEnd;
    private int _fieldLines;
    private bool _folded;
    private bool _framingField;

    // Of the 1xx heads before this one: an endless row of them is as harmful as one endless head (CVE-2023-38039 and its like).
    private int _bytesBefore;
    private int _headsBefore;

    /// <summary>Whether anything of a response to the current request has come.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Makes ready for the response to another request.</summary>
    public void StartNext()
    {
        StartHead();
        _bytesBefore = 0;
        _headsBefore = 0;
        HasBegun = false;
    }

    /// <summary>The head, or null while it is not complete; then nothing is consumed.</summary>
    /// <param name="input">What was received from the beginning of the head on.</param>
    /// <param name="consumed">The length of the head.</param>
    /// <param name="target">What a final head is to be written into, instead of a new one.</param>
    public ResponseHead? Parse(ReadOnlySpan<byte> input, out int consumed, ResponseHead? target = null)
    {
        consumed = 0;
        HasBegun |= !input.IsEmpty;
        int allowed = Math.Max(0, limits.MaxHeaderBytes - _bytesBefore);
        ReadOnlySpan<byte> window = input[..Math.Min(input.Length, allowed)];
        if (_statusLineEnd == 0)
            CheckBeginning(window);
        while (true)
        {
            switch (_lines.Next(window, out ReadOnlySpan<byte> line))
            {
                case LineResult.Broken:
                    throw Fault("a line has a CR or LF on its own, or a NUL (RFC 9112, section 2.2)", HttpGrammar.WithoutValue(line));
                case LineResult.NeedMore when input.Length > allowed:
                    throw Over(nameof(HttpLimits.MaxHeaderBytes), limits.MaxHeaderBytes, "The response head");
                case LineResult.NeedMore:
                    return null;
            }

            if (_statusLineEnd == 0)
            {
                CheckStatusLine(line);
                _statusLineEnd = line.Length;
            }
            else if (line.IsEmpty)
            {
                consumed = _lines.Position;
                return Complete(input[..consumed], target);
            }
            else
            {
                TakeFieldLine(line);
            }
        }
    }

    private ResponseHead Complete(ReadOnlySpan<byte> bytes, ResponseHead? target)
    {
        ResponseTerms terms = TermsOf(bytes);
        ReadOnlySpan<byte> reason = _statusLineEnd <= ReasonStart ? default : bytes[ReasonStart.._statusLineEnd];
        ReadOnlySpan<byte> fieldLines = bytes[(_statusLineEnd + 2)..^2];
        ResponseHead head;
        if (_folded)
            fieldLines = Unfolded(fieldLines);
        if (target is not null && terms.Status >= 200)
        {
            head = target;
            head.Fill(terms, reason, fieldLines);
        }
        else
        {
            head = new ResponseHead(terms, reason, fieldLines);
        }

        _bytesBefore += bytes.Length;
        if (head.IsInformational && ++_headsBefore > limits.MaxInformationalResponses)
            throw Over(nameof(HttpLimits.MaxInformationalResponses), limits.MaxInformationalResponses, "The number of 1xx responses");
        StartHead();
        return head;
    }

    // Any 1.x past 1.1 is treated as 1.1 (RFC 9110, section 2.5).
    private ResponseTerms TermsOf(ReadOnlySpan<byte> bytes)
    {
        int minorVersion = bytes[7] - '0';
        int status = ((bytes[9] - '0') * 100) + ((bytes[10] - '0') * 10) + (bytes[11] - '0');
        Version version = minorVersion switch
        {
            0 => System.Net.HttpVersion.Version10,
            1 => System.Net.HttpVersion.Version11,
            _ => new Version(1, minorVersion),
        };
        return new ResponseTerms(version, status, _framing.ContentLength, _framing.IsChunked, _framing.KeepAlive(minorVersion));
    }

    // A fold, with all blanks around it, becomes one blank (RFC 9112, section 5.2).
    private static ReadOnlySpan<byte> Unfolded(ReadOnlySpan<byte> fieldLines)
    {
        byte[] lines = new byte[fieldLines.Length];
        int length = 0;
        for (int i = 0; i < fieldLines.Length; i++)
        {
            bool isFold = fieldLines[i] == '\r' && i + 2 < fieldLines.Length && fieldLines[i + 2] is (byte)' ' or (byte)'\t';
            if (!isFold)
            {
                lines[length++] = fieldLines[i];
                continue;
            }

            while (length > 0 && lines[length - 1] is (byte)' ' or (byte)'\t')
                length--;
            lines[length++] = (byte)' ';
            i++; // the LF
            while (i + 1 < fieldLines.Length && fieldLines[i + 1] is (byte)' ' or (byte)'\t')
                i++;
        }

        return lines.AsSpan(0, length);
    }

    private void StartHead()
    {
        _lines = default;
        _framing = default;
        _statusLineEnd = 0;
        _fieldLines = 0;
        _folded = false;
        _framingField = false;
    }

    // Whoever speaks another protocol (a TLS alert, an SSH banner, HTTP/0.9) may never send a line end: say so at once.
    private static void CheckBeginning(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> expected = "HTTP/"u8;
        int length = Math.Min(input.Length, expected.Length);
        if (input[..length].SequenceEqual(expected[..length]))
            return;
        // RFC 8446, section 5.1: the type of a record, and the first half of its version.
        bool isTls = input[0] is >= 20 and <= 23 && (input.Length == 1 || input[1] == 3);
        throw Fault(
            isTls ? "this is TLS and not HTTP; the URL of a port that speaks TLS begins with https://" : "this is not HTTP/1", input);
    }

    // RFC 9112, section 4. Deviations that are common and harmless: no reason phrase, and not even the blank before it.
    private static void CheckStatusLine(ReadOnlySpan<byte> line)
    {
        bool legal = line.Length >= 12 && line.StartsWith("HTTP/1."u8) && char.IsAsciiDigit((char)line[7]) && line[8] == ' '
            && line[9] is >= (byte)'1' and <= (byte)'9' && char.IsAsciiDigit((char)line[10]) && char.IsAsciiDigit((char)line[11])
            && (line.Length == 12 || line[12] == ' ');
        if (!legal)
            throw Fault("the first line is not 'HTTP/1.x', three digits and a reason (RFC 9112, section 4)", line);
    }

    private void TakeFieldLine(ReadOnlySpan<byte> line)
    {
        if (++_fieldLines > limits.MaxHeaderLines)
            throw Over(nameof(HttpLimits.MaxHeaderLines), limits.MaxHeaderLines, "The number of header lines");
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            TakeFold(line);
            return;
        }

        int colon = HeaderRules.IndexOfIllegalInToken(line);
        if (colon <= 0 || line[colon] != ':')
            throw Fault("a header line is not a name, a colon at once, and a value (RFC 9112, section 5)", HttpGrammar.WithoutValue(line));
        _framingField = _framing.Take(line[..colon], line[(colon + 1)..]);
    }

    // A user agent has to join folded lines (RFC 9112, section 5.2), except where another reader may not have: in the framing fields.
    private void TakeFold(ReadOnlySpan<byte> line)
    {
        if (_fieldLines == 1)
            throw Fault("there is whitespace between the status line and the first header (RFC 9112, section 2.2)", line[..1]);
        if (_framingField)
            throw Fault("a framing field is folded over two lines (RFC 9112, section 5.2)", line[..1]);
        _folded = true;
    }

    private static LimitExceededException Over(string limitName, int limit, string what) => new(limitName, limit, what, HttpPhase.Head);

    private static ProtocolException Fault(string rule, ReadOnlySpan<byte> shown) =>
        new($"The response cannot be understood: {rule}: '{Escaping.Show(shown)}'.", HttpPhase.Head);
}
