using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Protocol.Http1;

/// <summary>
/// A response head: what had to be understood at once, and the bytes of everything else, which become text only when somebody asks.
/// </summary>
/// <remarks>
/// Owns its bytes; nothing of the receive buffer stays referenced. One that is filled again and again belongs to a
/// <see cref="ResponseBuffer"/>; what it hands out has bytes of its own.
/// </remarks>
internal sealed class ResponseHead
{
    // "HTTP/1.1 200 ": the grammar leaves no other length.
    private const int ReasonStart = 13;

    private readonly bool _isReused;
    private byte[] _bytes;
    private long _contentLength; // negative for none
    private int _length;
    private int _statusLineEnd;
    private short _status;
    private byte _minorVersion;

    /// <summary>A head that is to be filled.</summary>
    public ResponseHead()
    {
        _isReused = true;
        _bytes = [];
        _contentLength = -1;
    }

    /// <inheritdoc cref="Fill"/>
    public ResponseHead(ReadOnlySpan<byte> bytes, int statusLineEnd, in FramingFields framing, bool isFolded)
    {
        _bytes = [];
        Fill(bytes, statusLineEnd, framing, isFolded);
    }

    /// <summary>Takes a head that was received.</summary>
    /// <param name="bytes">The head from its first byte to the blank line, both included; copied.</param>
    /// <param name="statusLineEnd">Where the CRLF of the status line is.</param>
    /// <param name="framing">What the framing fields said.</param>
    /// <param name="isFolded">Whether lines are folded, which are joined here.</param>
    public void Fill(ReadOnlySpan<byte> bytes, int statusLineEnd, in FramingFields framing, bool isFolded)
    {
        if (_bytes.Length < bytes.Length)
            _bytes = new byte[bytes.Length];
        bytes.CopyTo(_bytes);
        _length = bytes.Length;
        if (isFolded)
            Unfold(_bytes.AsSpan(0, _length));
        _statusLineEnd = statusLineEnd;
        _status = (short)(((bytes[9] - '0') * 100) + ((bytes[10] - '0') * 10) + (bytes[11] - '0'));
        _minorVersion = bytes[7] == '0' ? (byte)0 : (byte)1;
        _contentLength = framing.ContentLength ?? -1;
        IsChunked = framing.IsChunked;
        KeepAlive = framing.KeepAlive(_minorVersion);
        Reason = null!;
        Headers = null!;
    }

    /// <summary>The status code, 100 to 999.</summary>
    public int Status => _status;

    /// <summary>0 for HTTP/1.0; 1 for 1.1 and any later 1.x (RFC 9110, section 2.5).</summary>
    public int MinorVersion => _minorVersion;

    /// <summary>The version the server answered in.</summary>
    public Version Version => MinorVersion == 0 ? System.Net.HttpVersion.Version10 : System.Net.HttpVersion.Version11;

    /// <summary>The reason phrase in Latin-1; empty when there was none.</summary>
    public string Reason
    {
        get => field ??= ReasonOf(_statusLineEnd <= ReasonStart ? default : _bytes.AsSpan(ReasonStart.._statusLineEnd));
        private set;
    }

    /// <summary>The fields, in the order and spelling in which they came.</summary>
    public HttpHeaderDict Headers
    {
        get => field ??= HttpHeaderDict.FromWire(_isReused ? FieldLines.ToArray() : FieldLines);
        private set;
    }

    /// <summary>The fields line by line, for who copies them elsewhere at once.</summary>
    public FieldLineReader Received => new(FieldLines.Span);

    /// <summary>How much memory it holds.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Whether there is a field of this name; asked of the bytes, so that nothing becomes text for it.</summary>
    public bool Has(ReadOnlySpan<byte> name) => TryGet(name, out _);

    /// <summary>The first value of a field, as received, without the blanks around it.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) =>
        FieldLineReader.TryFind(FieldLines.Span, name, out value);

    /// <summary>The announced length, whether or not there is a body it applies to.</summary>
    public long? ContentLength => _contentLength < 0 ? null : _contentLength;

    /// <summary>Whether <c>Transfer-Encoding: chunked</c> was announced.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>Whether the server is willing to take another request on this connection.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>Whether the answer itself is still to come.</summary>
    public bool IsInformational => Status < 200;

    private ReadOnlyMemory<byte> FieldLines => _length == 0 ? default : _bytes.AsMemory(_statusLineEnd + 2, _length - _statusLineEnd - 4);

    // Hardly any response says something else.
    private static string ReasonOf(ReadOnlySpan<byte> bytes) => bytes.SequenceEqual("OK"u8) ? "OK" : Encoding.Latin1.GetString(bytes);

    private static void Unfold(Span<byte> head)
    {
        for (int i = 0; i + 2 < head.Length; i++)
        {
            if (head[i] == '\r' && head[i + 2] is (byte)' ' or (byte)'\t')
                head.Slice(i, 2).Fill((byte)' ');
        }
    }
}
