using Urllib4.Primitives;

namespace Urllib4.Protocol.Http1;

/// <summary>
/// Reads response heads: one pass that checks every line, picks out the framing fields and keeps one copy of the bytes. It stands where
/// it stopped, so a head that comes byte by byte costs neither memory nor a second look.
/// </summary>
internal sealed class Http1HeadParser(HttpLimits limits, ResponseLeniency leniency = ResponseLeniency.None)
{
    // "HTTP/1.1 200 ": the grammar leaves no other length.
    private const int ReasonStart = 13;

    private LineScanner _lines;
    private FramingFields _framing;
    private int _statusLineEnd;
    private int _fieldLines;
    private int _dropped;
    private bool _isIrregular; // a line is not to be kept as it came
    private bool _framingField;
    private bool _isDropped; // the last line, and so what is folded onto it


    /// <summary>Whether anything of a response to the current request has come.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>
    /// Bytes of the heads of this response that are complete. The 1xx count: an endless row of them is as harmful as one endless head
    /// (CVE-2023-38039 and its like).
    /// </summary>
    public int Received { get; private set; }

    /// <summary>Makes ready for the response to another request.</summary>
    public void StartNext()
    {
        StartHead();
        Received = 0;
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
        int allowed = Math.Max(0, limits.MaxHeaderBytes - Received);
        ReadOnlySpan<byte> window = input[..Math.Min(input.Length, allowed)];
        if (_statusLineEnd == 0)
            CheckBeginning(window);
        while (true)
        {
            switch (_lines.Next(window, out ReadOnlySpan<byte> line, Forgives(ResponseLeniency.BareLineFeed)))
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
                // An LF alone: the block of lines that is kept has only CRLF.
                _isIrregular |= window[_lines.Position - 2] != '\r';
                TakeFieldLine(line);
            }
        }
    }

    private ResponseHead Complete(ReadOnlySpan<byte> bytes, ResponseHead? target)
    {
        ResponseTerms terms = TermsOf(bytes);
        ReadOnlySpan<byte> reason = _statusLineEnd <= ReasonStart ? default : bytes[ReasonStart.._statusLineEnd];
        int fieldsStart = _statusLineEnd + (bytes[_statusLineEnd] == '\r' ? 2 : 1);
        int blankLine = bytes[^2] == '\r' ? 2 : 1;
        ReadOnlySpan<byte> fieldLines = bytes[fieldsStart..^blankLine];
        ResponseHead head;
        if (_isIrregular)
            fieldLines = RegularLines.Of(fieldLines);
        if (target is not null && terms.Status >= 200)
        {
            head = target;
            head.Fill(terms, reason, fieldLines);
        }
        else
        {
            head = new ResponseHead(terms, reason, fieldLines);
        }

        Received += bytes.Length;
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
        // Where both are forgiven the length means nothing, to whoever asks for it later too.
        bool hasLength = !_framing.IsChunked || !Forgives(ResponseLeniency.ContentLengthBesideChunked);
        long? length = hasLength ? _framing.ContentLength : null;
        return new ResponseTerms(version, status, length, _framing.IsChunked, _framing.KeepAlive(minorVersion)) { DroppedLines = _dropped };
    }

    private void StartHead()
    {
        _lines = default;
        _framing = default;
        _statusLineEnd = 0;
        _fieldLines = 0;
        _dropped = 0;
        _isIrregular = false;
        _framingField = false;
        _isDropped = false;
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

        int nameEnd = HeaderRules.IndexOfIllegalInToken(line);
        int colon = nameEnd > 0 && Forgives(ResponseLeniency.BlankBeforeColon)
            ? line.Length - line[nameEnd..].TrimStart(HttpGrammar.Whitespace).Length
            : nameEnd;
        _isDropped = Forgives(ResponseLeniency.LineWithoutName) && RegularLines.HasNoName(line);
        _isIrregular |= _isDropped || colon != nameEnd;
        if (_isDropped)
        {
            _dropped++;
            _framingField = false;
            return;
        }

        if (colon <= 0 || colon == line.Length || line[colon] != ':')
            throw Fault("a header line is not a name, a colon at once, and a value (RFC 9112, section 5)", HttpGrammar.WithoutValue(line));
        _framingField = _framing.Take(line[..nameEnd], line[(colon + 1)..], leniency);
        // Another reader may have passed over it.
        if (_framingField && colon != nameEnd)
            _framing.Doubt();
    }

    private bool Forgives(ResponseLeniency fault) => (leniency & fault) != 0;

    // A user agent has to join folded lines (RFC 9112, section 5.2), except where another reader may not have: in the framing fields.
    private void TakeFold(ReadOnlySpan<byte> line)
    {
        if (_fieldLines == 1)
            throw Fault("there is whitespace between the status line and the first header (RFC 9112, section 2.2)", line[..1]);
        if (_framingField)
            throw Fault("a framing field is folded over two lines (RFC 9112, section 5.2)", line[..1]);
        _isIrregular = true;
    }

    private static LimitExceededException Over(string limitName, int limit, string what) => new(limitName, limit, what, HttpPhase.Head);

    private static ProtocolException Fault(string rule, ReadOnlySpan<byte> shown) =>
        new($"The response cannot be understood: {rule}: '{Escaping.Show(shown)}'.", HttpPhase.Head);
}
