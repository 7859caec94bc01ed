using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Protocol.Http1;

/// <summary>
/// A response head: what had to be understood at once, and the bytes of everything else, which become text only when somebody asks.
/// </summary>
/// <remarks>Owns its bytes; nothing of the receive buffer stays referenced.</remarks>
internal sealed class ResponseHead
{
    // "HTTP/1.1 200 ": the grammar leaves no other length.
    private const int ReasonStart = 13;

    private readonly byte[] _bytes;
    private readonly long _contentLength; // negative for none
    private readonly int _statusLineEnd;
    private readonly short _status;
    private readonly byte _minorVersion;

    /// <param name="bytes">The head from its first byte to the blank line, both included, without folded lines.</param>
    /// <param name="statusLineEnd">Where the CRLF of the status line is.</param>
    /// <param name="framing">What the framing fields said.</param>
    public ResponseHead(byte[] bytes, int statusLineEnd, in FramingFields framing)
    {
        _bytes = bytes;
        _statusLineEnd = statusLineEnd;
        _status = (short)(((bytes[9] - '0') * 100) + ((bytes[10] - '0') * 10) + (bytes[11] - '0'));
        _minorVersion = bytes[7] == '0' ? (byte)0 : (byte)1;
        _contentLength = framing.ContentLength ?? -1;
        IsChunked = framing.IsChunked;
        KeepAlive = framing.KeepAlive(_minorVersion);
    }

    /// <summary>The status code, 100 to 999.</summary>
    public int Status => _status;

    /// <summary>0 for HTTP/1.0; 1 for 1.1 and any later 1.x (RFC 9110, section 2.5).</summary>
    public int MinorVersion => _minorVersion;

    /// <summary>The version the server answered in.</summary>
    public Version Version => MinorVersion == 0 ? System.Net.HttpVersion.Version10 : System.Net.HttpVersion.Version11;

    /// <summary>The reason phrase in Latin-1; empty when there was none.</summary>
    public string Reason =>
        field ??= _statusLineEnd <= ReasonStart ? string.Empty : Encoding.Latin1.GetString(_bytes.AsSpan(ReasonStart.._statusLineEnd));

    /// <summary>The fields, in the order and spelling in which they came.</summary>
    public HttpHeaderDict Headers => field ??= HttpHeaderDict.FromWire(FieldLines);

    /// <summary>Whether there is a field of this name; asked of the bytes, so that nothing becomes text for it.</summary>
    public bool Has(ReadOnlySpan<byte> name)
    {
        var lines = new FieldLineReader(FieldLines.Span);
        while (lines.MoveNext())
        {
            if (lines.IsNamed(name))
                return true;
        }

        return false;
    }

    /// <summary>The announced length, whether or not there is a body it applies to.</summary>
    public long? ContentLength => _contentLength < 0 ? null : _contentLength;

    /// <summary>Whether <c>Transfer-Encoding: chunked</c> was announced.</summary>
    public bool IsChunked { get; }

    /// <summary>Whether the server is willing to take another request on this connection.</summary>
    public bool KeepAlive { get; }

    /// <summary>Whether the answer itself is still to come.</summary>
    public bool IsInformational => Status < 200;

    private ReadOnlyMemory<byte> FieldLines => _bytes.AsMemory((_statusLineEnd + 2)..^2);
}
