using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Protocol.Http1;

/// <summary>
/// The three fields of a response that decide where it ends and what becomes of the connection. They are read strictly: what two
/// readers may understand in two ways is how responses are smuggled (RFC 9112, section 11.2), so it is an error here.
/// </summary>
internal struct FramingFields
{
    private bool _closes;
    private bool _keepsAlive;
    private bool _isDoubtful;

    /// <summary>The value of <c>Content-Length</c>, or null without one.</summary>
    public long? ContentLength { get; private set; }

    /// <summary>Whether there was a <c>Transfer-Encoding: chunked</c>.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>Looks at one field; true when it was one of the three.</summary>
    public bool Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ResponseLeniency leniency)
    {
        if (name.Length == 14 && Ascii.EqualsIgnoreCase(name, HeaderNames.ContentLengthBytes))
            TakeContentLength(value);
        else if (name.Length == 17 && Ascii.EqualsIgnoreCase(name, HeaderNames.TransferEncodingBytes))
            TakeTransferEncoding(value, leniency);
        else if (name.Length == 10 && Ascii.EqualsIgnoreCase(name, HeaderNames.ConnectionBytes))
            TakeConnection(value);
        else
            return false;
        return true;
    }

    /// <summary>What frames the message was written in a way that somebody may have read otherwise.</summary>
    public void Doubt() => _isDoubtful = true;

    /// <summary>Whether the server keeps the connection open after this response (RFC 9112, section 9.3).</summary>
    /// <remarks>
    /// Both framing fields together, or chunks in HTTP/1.0, are signs of a message that somebody on the way understood differently
    /// (RFC 9112, section 6.1); nothing that follows it is trusted.
    /// </remarks>
    public readonly bool KeepAlive(int minorVersion)
    {
        bool doubtful = _isDoubtful || (IsChunked && (ContentLength is not null || minorVersion == 0));
        return !_closes && !doubtful && (minorVersion > 0 || _keepsAlive);
    }

    private void TakeContentLength(ReadOnlySpan<byte> value)
    {
        long? length = ContentLength;
        if (!Protocol.ContentLength.TryTake(value, ref length))
            throw Fault("Content-Length is not one number", value, "RFC 9110, section 8.6");
        ContentLength = length;
    }

    // We never send TE, so a coding besides chunked could not be undone; a body that is handed out undecoded is worse than an error.
    private void TakeTransferEncoding(ReadOnlySpan<byte> value, ResponseLeniency leniency)
    {
        if (!IsChunked && Ascii.EqualsIgnoreCase(value.Trim(HttpGrammar.Whitespace), "chunked"u8))
        {
            IsChunked = true;
            return;
        }

        ReadOnlySpan<byte> rest = value;
        bool isMore = true;
        while (isMore)
        {
            isMore = HttpGrammar.NextMember(ref rest, out ReadOnlySpan<byte> coding);
            bool isChunked = Ascii.EqualsIgnoreCase(coding, "chunked"u8);
            bool isForgiven = isChunked ? !IsChunked || leniency.HasFlag(ResponseLeniency.ChunkedTwice)
                : Ascii.EqualsIgnoreCase(coding, "identity"u8) && leniency.HasFlag(ResponseLeniency.IdentityTransferCoding);
            if (!isForgiven)
                throw Fault("Transfer-Encoding is not 'chunked', once", value, "RFC 9112, section 6.1");
            IsChunked |= isChunked;
        }

        Doubt();
    }

    private void TakeConnection(ReadOnlySpan<byte> value)
    {
        bool isMore = true;
        while (isMore)
        {
            isMore = HttpGrammar.NextMember(ref value, out ReadOnlySpan<byte> option);
            _closes |= Ascii.EqualsIgnoreCase(option, "close"u8);
            _keepsAlive |= Ascii.EqualsIgnoreCase(option, "keep-alive"u8);
        }
    }

    private static ProtocolException Fault(string rule, ReadOnlySpan<byte> value, string source) =>
        new($"{rule}: '{Escaping.Show(value)}' ({source}).", HttpPhase.Head);
}
