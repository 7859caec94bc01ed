using System.Buffers;

namespace Urllib4.Protocol.Http1;

/// <summary>Holds a request body to the framing its head announced: never padded, never cut, never longer.</summary>
internal struct OutgoingBody
{
    private BodyFraming _framing;
    private long _sent;
    private int _part;
    private bool _inPart;

    public void Start(BodyFraming framing) => this = new OutgoingBody { _framing = framing };

    /// <exception cref="BodyLengthException">The bytes would be more than was announced; none of them may be sent.</exception>
    public void BeginData(int length, IBufferWriter<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Require(!_inPart);
        if (_framing.Kind is BodyKind.Length && length > _framing.Length - _sent)
            throw new BodyLengthException(_framing.Length, _sent + length);
        // An empty chunk would be the last one.
        if (_framing.Kind is BodyKind.Chunked && length > 0)
            ChunkedWriter.WriteSize(length, output);
        _sent += length;
        _part = length;
        _inPart = true;
    }

    public void EndData(IBufferWriter<byte> output)
    {
        Require(_inPart);
        if (_framing.Kind is BodyKind.Chunked && _part > 0)
            ChunkedWriter.WriteDataEnd(output);
        _inPart = false;
    }

    /// <exception cref="BodyLengthException">The body was shorter than announced.</exception>
    /// <exception cref="InvalidHeaderException">A trailer may not be sent; nothing was written.</exception>
    public readonly void End(HttpHeaderDict? trailers, IBufferWriter<byte> output)
    {
        Require(!_inPart);
        if (_framing.Kind is BodyKind.Chunked)
        {
            ChunkedWriter.WriteEnd(trailers, output);
            return;
        }

        if (trailers is not null)
            throw new InvalidRequestException("Trailers can only follow a chunked body (RFC 9112, section 7.1.2).");
        if (_sent < _framing.Length)
            throw new BodyLengthException(_framing.Length, _sent);
    }

    private static void Require(bool order)
    {
        if (!order)
            throw new InvalidOperationException("BeginData and EndData come in pairs, and all data before the end of the request.");
    }
}
