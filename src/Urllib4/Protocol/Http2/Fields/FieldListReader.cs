using Urllib4.Primitives;
using Urllib4.Protocol.Hpack;

namespace Urllib4.Protocol.Http2;

/// <summary>
/// Reads one header list: the head or the trailers of a response (RFC 9113, section 8). A list that is malformed or too large is read to
/// its end all the same, without being kept, because the dynamic table goes on with the next list.
/// </summary>
internal sealed class FieldListReader(HttpLimits limits)
{
    private const int KeptLines = 4096;

    // A token (RFC 9110, section 5.6.2) without capitals (RFC 9113, section 8.2.1).
    private static readonly AsciiSet _name = new("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz");

    private byte[] _lines = [];
    private int _length;
    private int _fields;
    private int _maxSize;
    private long? _contentLength;
    private bool _isTrailers;
    private bool _hasOwnLimit;

    /// <summary>The status; 0 for trailers.</summary>
    public int Status { get; private set; }

    /// <summary>The announced length; null for none.</summary>
    public long? ContentLength => _contentLength;

    /// <summary>The size of the list as RFC 9113, section 6.5.2, counts it: names, values, and 32 for each field.</summary>
    public long Size { get; private set; }

    /// <summary>The first rule that was broken, as the rest of a sentence about the server; null when none was.</summary>
    public string? Fault { get; private set; }

    /// <summary>The limit that was passed, as its option is called; null when none was.</summary>
    public string? LimitName { get; private set; }

    /// <summary>The fields, each as <c>name: value</c> and a CRLF. They last until the next list.</summary>
    public ReadOnlySpan<byte> Lines => _lines.AsSpan(0, _length);

    /// <summary>Reads a list.</summary>
    /// <param name="decoder">The decoder of the connection.</param>
    /// <param name="block">The complete header block.</param>
    /// <param name="isTrailers">Whether it stands behind a body.</param>
    /// <param name="sizeBefore">The size of the lists before it that count towards the same limit.</param>
    /// <exception cref="Http2Exception">The block cannot be decoded: a connection error.</exception>
    public void Read(HpackDecoder decoder, ReadOnlySpan<byte> block, bool isTrailers, int sizeBefore)
    {
        _length = _fields = Status = 0;
        _contentLength = null;
        _isTrailers = isTrailers;
        _hasOwnLimit = isTrailers && !limits.TrailersAreOfHead;
        _maxSize = _hasOwnLimit ? limits.MaxTrailerBytes : Math.Max(0, limits.MaxHeaderBytes - sizeBefore);
        Size = 0;
        Fault = LimitName = null;
        if (_lines.Length > KeptLines)
            _lines = [];
        decoder.Start();
        while (decoder.Next(ref block, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            Size += name.Length + value.Length + DecoderTable.EntryOverhead;
            if (Fault is null && LimitName is null)
                Take(name, value);
        }

        if (Status == 0 && !isTrailers)
            Fault ??= "sent a response without :status (RFC 9113, section 8.3.2)";
    }

    private void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Size > _maxSize)
            LimitName = _hasOwnLimit ? nameof(HttpLimits.MaxTrailerBytes) : nameof(HttpLimits.MaxHeaderBytes);
        else if (name is [(byte)':', ..])
            TakePseudo(name, value);
        else if (++_fields > limits.MaxHeaderLines)
            LimitName = nameof(HttpLimits.MaxHeaderLines);
        else if (Check(name, value) is { } fault)
            Fault = fault;
        else if (!_isTrailers || !TrailerFields.IsForbidden(name))
            Keep(name, value);
    }

    private void TakePseudo(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!name.SequenceEqual(":status"u8))
            Fault = $"sent the pseudo-header field '{Escaping.Show(name)}', which no response has (RFC 9113, section 8.3.2)";
        else if (_isTrailers)
            Fault = "sent a pseudo-header field in trailers (RFC 9113, section 8.1)";
        else if (Status != 0)
            Fault = "sent :status more than once (RFC 9113, section 8.3)";
        else if (_fields > 0)
            Fault = "sent :status behind other fields (RFC 9113, section 8.3)";
        else if (value.Length != 3 || value[0] is < (byte)'1' or > (byte)'9' || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            Fault = $"sent the status '{Escaping.Show(value)}', which is not three digits (RFC 9110, section 15)";
        else if (value.SequenceEqual("101"u8))
            Fault = "sent the status 101, which HTTP/2 has not (RFC 9113, section 8.6)";
        else
            Status = ((value[0] - '0') * 100) + ((value[1] - '0') * 10) + value[2] - '0';
    }

    private string? Check(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty || _name.IndexOfOther(name) >= 0)
            return $"sent the field name '{Escaping.Show(name)}', which is not a token in lower case (RFC 9113, section 8.2.1)";
        // The value itself may be a secret.
        if (value.IndexOfAny((byte)'\0', (byte)'\r', (byte)'\n') >= 0)
            return $"sent a value of '{Escaping.Show(name)}' with a NUL, CR or LF in it (RFC 9113, section 8.2.1)";
        if (value is [(byte)' ' or (byte)'\t', ..] or [.., (byte)' ' or (byte)'\t'])
            return $"sent a value of '{Escaping.Show(name)}' with a blank at an end (RFC 9113, section 8.2.1)";
        if (IsForOneConnection(name, value))
            return $"sent the field '{Escaping.Show(name)}', which is for one connection only (RFC 9113, section 8.2.2)";
        if (!_isTrailers && name.SequenceEqual("content-length"u8) && !Protocol.ContentLength.TryTake(value, ref _contentLength))
            return $"sent a Content-Length that is not one number: '{Escaping.Show(value)}' (RFC 9110, section 8.6)";
        return null;
    }

    private static bool IsForOneConnection(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => name.Length switch
    {
        2 => name.SequenceEqual("te"u8) && !value.SequenceEqual("trailers"u8),
        7 => name.SequenceEqual("upgrade"u8),
        10 => name.SequenceEqual("connection"u8) || name.SequenceEqual("keep-alive"u8),
        16 => name.SequenceEqual("proxy-connection"u8),
        17 => name.SequenceEqual("transfer-encoding"u8),
        _ => false,
    };

    private void Keep(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int length = name.Length + value.Length + 4;
        if (_lines.Length - _length < length)
            Array.Resize(ref _lines, Math.Max(1024, 2 * (_length + length)));
        Span<byte> line = _lines.AsSpan(_length, length);
        name.CopyTo(line);
        line[name.Length] = (byte)':';
        line[name.Length + 1] = (byte)' ';
        value.CopyTo(line[(name.Length + 2)..]);
        line[^2] = (byte)'\r';
        line[^1] = (byte)'\n';
        _length += length;
    }
}
