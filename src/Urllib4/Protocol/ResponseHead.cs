using System.Diagnostics.CodeAnalysis;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Protocol;

/// <summary>
/// A response head: what had to be understood at once, and the bytes of everything else, which become text only when somebody asks.
/// </summary>
/// <remarks>
/// Owns its bytes; nothing of the receive buffer stays referenced. One that is filled again and again belongs to a
/// <see cref="ResponseBuffer"/>; what it hands out has bytes of its own.
/// </remarks>
internal sealed class ResponseHead
{
    private readonly bool _isReused;
    private byte[] _bytes; // the reason phrase, then the field lines
    private int _length;
    private int _reasonLength;
    private long _contentLength; // negative for none
    private short _status;

    /// <summary>A head that is to be filled.</summary>
    public ResponseHead()
    {
        _isReused = true;
        _bytes = [];
        _contentLength = -1;
        Version = System.Net.HttpVersion.Version11;
    }

    /// <inheritdoc cref="Fill"/>
    public ResponseHead(in ResponseTerms terms, ReadOnlySpan<byte> reason, ReadOnlySpan<byte> fieldLines)
    {
        _bytes = [];
        Fill(terms, reason, fieldLines);
    }

    /// <summary>Takes a head that was received.</summary>
    /// <param name="terms">What it means for the body and the connection.</param>
    /// <param name="reason">The reason phrase; copied.</param>
    /// <param name="fieldLines">The fields, each as <c>name: value</c> and a CRLF; copied.</param>
    [MemberNotNull(nameof(Version))]
    public void Fill(in ResponseTerms terms, ReadOnlySpan<byte> reason, ReadOnlySpan<byte> fieldLines)
    {
        int length = reason.Length + fieldLines.Length;
        if (_bytes.Length < length)
            _bytes = new byte[length];
        reason.CopyTo(_bytes);
        fieldLines.CopyTo(_bytes.AsSpan(reason.Length));
        _length = length;
        _reasonLength = reason.Length;
        _status = (short)terms.Status;
        _contentLength = terms.ContentLength ?? -1;
        Version = terms.Version;
        IsChunked = terms.IsChunked;
        KeepAlive = terms.KeepAlive;
        DroppedLines = terms.DroppedLines;
        Reason = null!;
        Headers = null!;
    }

    /// <summary>The status code, 100 to 999.</summary>
    public int Status => _status;

    /// <summary>The version the server answered in.</summary>
    public Version Version { get; private set; }

    /// <summary>How many header lines were left out, since they had no name.</summary>
    public int DroppedLines { get; private set; }

    /// <summary>The reason phrase in Latin-1; empty when there was none.</summary>
    public string Reason
    {
        get => field ??= ReasonOf(_bytes.AsSpan(0, _reasonLength));
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

    private ReadOnlyMemory<byte> FieldLines => _bytes.AsMemory(_reasonLength, _length - _reasonLength);

    // Hardly any response says something else.
    private static string ReasonOf(ReadOnlySpan<byte> bytes) => bytes.SequenceEqual("OK"u8) ? "OK" : Encoding.Latin1.GetString(bytes);
}
