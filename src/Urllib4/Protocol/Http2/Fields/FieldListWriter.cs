using System.Buffers;
using System.Globalization;
using Urllib4.Primitives;
using Urllib4.Protocol.Hpack;

namespace Urllib4.Protocol.Http2;

/// <summary>
/// Writes header lists: the head or the trailers of a request (RFC 9113, section 8.3.1). A head is HTTP/1's, so that a caller need not
/// know which version serves him: what is for one connection only is left out, and <c>Host</c> becomes <c>:authority</c>.
/// </summary>
/// <param name="scheme">The scheme of all requests: <c>https</c> or <c>http</c>.</param>
/// <param name="secrets">Names whose values are never put into a table, beside those that are always credentials.</param>
internal sealed class FieldListWriter(string scheme, IReadOnlySet<string>? secrets)
{
    private const int PseudoFields = 5; // with :protocol
    private const int PseudoNames = 42; // the characters of their names
    private const int LengthField = 14 + 20; // content-length and the longest number

    private readonly HpackEncoder _encoder = new();
    private readonly FieldHistory _history = new();

    // The fields of the manager, as they were written last; they are the same again as long as the table is.
    private HeaderBlock? _block;
    private byte[] _blockBytes = [];
    private int _blockChanges = -1;

    /// <summary>The peer's SETTINGS_HEADER_TABLE_SIZE.</summary>
    public void SetLimit(uint tableSize) => _encoder.SetLimit(tableSize);

    /// <summary>Writes a head that <see cref="RequestRules"/> has passed.</summary>
    /// <param name="head">The head.</param>
    /// <param name="terms">What the check made of it.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="isEnd">Whether there is no body.</param>
    /// <param name="peer">What the peer takes.</param>
    /// <param name="output">Gets the frames.</param>
    /// <exception cref="InvalidRequestException">It is larger than the peer takes; nothing was written.</exception>
    public void WriteHead(
        in RequestHead head, in RequestTerms terms, int streamId, bool isEnd, in Http2Settings peer, IBufferWriter<byte> output)
    {
        string authority = AuthorityOf(head, terms);
        ReadOnlySpan<KeyValuePair<string, string>> lines = head.Headers.Lines;
        int characters = Characters(lines) + LengthField + PseudoNames + head.Method.Length + scheme.Length + authority.Length
            + head.Target.Length + (head.Protocol?.Length ?? 0);
        int fields = lines.Length + PseudoFields + 1;
        CheckSize(fields, characters, peer);
        int bound = HpackEncoder.MaxLength(fields, characters);
        Span<byte> frames = output.GetSpan(bound + HeadersFrame.Overhead(bound, peer.MaxFrameSize));
        Span<byte> room = frames[FrameHeader.Size..];
        int length = _encoder.Start(room);
        length += WritePseudo(head, authority, room[length..]);
        string? connection = head.Headers[HeaderNames.Connection];
        length += head.Block is { } block
            ? WriteBlock(block, lines, connection, room[length..])
            : WriteLines(lines, connection, room[length..]);
        if (ContentLengthOf(head, terms) is { } contentLength)
            length += WriteField(HeaderNames.ContentLength, contentLength.ToString(CultureInfo.InvariantCulture), room[length..]);
        output.Advance(HeadersFrame.Write(frames, length, streamId, isEnd, peer.MaxFrameSize));
    }

    /// <summary>Writes the trailers, which end the request.</summary>
    /// <exception cref="InvalidHeaderException">A field may not stand in trailers, or cannot be sent; nothing was written.</exception>
    public void WriteTrailers(HttpHeaderDict trailers, int streamId, in Http2Settings peer, IBufferWriter<byte> output)
    {
        ReadOnlySpan<KeyValuePair<string, string>> lines = trailers.Lines;
        foreach (KeyValuePair<string, string> line in lines)
        {
            OutgoingFields.CheckLine(line.Key, line.Value);
            if (TrailerFields.IsForbidden(line.Key))
                throw new InvalidHeaderException(line.Key, -1, "it means nothing behind the body (RFC 9110, section 6.5.1)");
        }

        int characters = Characters(lines);
        CheckSize(lines.Length, characters, peer);
        int bound = HpackEncoder.MaxLength(lines.Length, characters);
        Span<byte> frames = output.GetSpan(bound + HeadersFrame.Overhead(bound, peer.MaxFrameSize));
        Span<byte> room = frames[FrameHeader.Size..];
        int length = _encoder.Start(room);
        length += WriteLines(lines, connection: null, room[length..]);
        output.Advance(HeadersFrame.Write(frames, length, streamId, isEnd: true, peer.MaxFrameSize));
    }

    // Host and :authority cannot disagree, because only one of them is ever sent (RFC 9113, section 8.3.1). It cannot be left out.
    private static string AuthorityOf(in RequestHead head, in RequestTerms terms) =>
        terms.IsConnect && head.Protocol is null ? head.Target : terms.Host ?? head.Host;

    private static int Characters(ReadOnlySpan<KeyValuePair<string, string>> lines)
    {
        int characters = 0;
        foreach (KeyValuePair<string, string> line in lines)
            characters = checked(characters + line.Key.Length + line.Value.Length);
        return characters;
    }

    private static void CheckSize(int fields, int characters, in Http2Settings peer)
    {
        long size = characters + ((long)fields * DecoderTable.EntryOverhead);
        if (size > peer.MaxHeaderListSize)
            throw new InvalidRequestException(
                $"The header fields are larger than the {peer.MaxHeaderListSize} bytes that the server takes (RFC 9113, section 6.5.2).");
    }

    private int WritePseudo(in RequestHead head, string authority, Span<byte> output)
    {
        int length = _encoder.Encode(":method", head.Method, FieldIndexing.Indexed, output);
        if (head.Protocol is not null)
            length += _encoder.Encode(":protocol", head.Protocol, FieldIndexing.Indexed, output[length..]);
        if (head.Method is not "CONNECT" || head.Protocol is not null)
        {
            length += _encoder.Encode(":scheme", scheme, FieldIndexing.Indexed, output[length..]);
            length += WriteField(":path", head.Target, output[length..]);
        }

        return length + _encoder.Encode(":authority", authority, FieldIndexing.Indexed, output[length..]);
    }

    private int WriteBlock(HeaderBlock block, ReadOnlySpan<KeyValuePair<string, string>> lines, string? connection, Span<byte> output)
    {
        if (ReferenceEquals(block, _block) && _blockChanges == _encoder.Changes)
        {
            _blockBytes.CopyTo(output);
            return _blockBytes.Length;
        }

        int before = _encoder.Changes;
        int length = 0;
        foreach (KeyValuePair<string, string> line in lines)
        {
            if (!IsLeftOut(line, connection))
                length += _encoder.Encode(line.Key, line.Value, IndexingOf(line.Key, FieldIndexing.Indexed), output[length..]);
        }

        bool isSettled = before == _encoder.Changes;
        _block = isSettled ? block : null;
        _blockBytes = isSettled ? output[..length].ToArray() : [];
        _blockChanges = before;
        return length;
    }

    private int WriteLines(ReadOnlySpan<KeyValuePair<string, string>> lines, string? connection, Span<byte> output)
    {
        int length = 0;
        foreach (KeyValuePair<string, string> line in lines)
        {
            if (!IsLeftOut(line, connection))
                length += WriteField(line.Key, line.Value, output[length..]);
        }

        return length;
    }

    private int WriteField(string name, string value, Span<byte> output)
    {
        FieldIndexing indexing = IndexingOf(name, FieldIndexing.NotIndexed);
        if (indexing is FieldIndexing.NotIndexed)
        {
            if (_encoder.EncodeIndexed(name, value, output) is var length and > 0)
                return length;
            if (_history.Meet(EncoderTable.Fingerprint(name, value)))
                indexing = FieldIndexing.Indexed;
        }

        return _encoder.EncodeLiteral(name, value, indexing, output);
    }

    // A secret in a table can be guessed by who can make requests next to it and see how long they are (RFC 7541, section 7.1).
    private FieldIndexing IndexingOf(string name, FieldIndexing otherwise) =>
        HeaderNames.IsSecret(name) || secrets?.Contains(name) is true ? FieldIndexing.NeverIndexed : otherwise;

    private static bool IsLeftOut(in KeyValuePair<string, string> line, string? connection) =>
        ReferenceEquals(line.Value, HttpHeaderDict.SkipHeader)
        || IsForOneConnection(line.Key)
        || (connection is not null && !HeaderNames.Same(line.Key, HeaderNames.TE) && RequestTerms.ListNames(connection, line.Key));

    private static bool IsForOneConnection(string name) => name.Length switch
    {
        4 => HeaderNames.Same(name, HeaderNames.Host),
        7 => HeaderNames.Same(name, HeaderNames.Upgrade),
        10 => HeaderNames.Same(name, HeaderNames.Connection) || HeaderNames.Same(name, HeaderNames.KeepAlive),
        14 => HeaderNames.Same(name, "HTTP2-Settings"),
        16 => HeaderNames.Same(name, "Proxy-Connection"),
        17 => HeaderNames.Same(name, HeaderNames.TransferEncoding),
        _ => false,
    };

    // As over HTTP/1.1: a server may wait for the body of these, so its absence is spelled out (RFC 9110, section 8.6).
    private static long? ContentLengthOf(in RequestHead head, in RequestTerms terms) =>
        terms.HasFramingField && head.Framing.Kind is not BodyKind.Chunked ? null
        : head.Framing.Kind is BodyKind.Length ? head.Framing.Length
        : head.Framing.Kind is BodyKind.None && head.Method is "POST" or "PUT" or "PATCH" ? 0
        : null;
}
