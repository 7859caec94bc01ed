namespace Urllib4.Protocol.Http1;

/// <summary>A body whose length was announced. It ends with its last byte, not one read later.</summary>
internal sealed class LengthReader : BodyReader
{
    private long _length;

    public override long DirectBytes => _length - Received;

    public void Start(long length)
    {
        _length = length;
        Received = 0;
    }

    public override BodyResult Read(ReadOnlySpan<byte> input, Span<byte> destination, out int consumed, out int written)
    {
        consumed = written = Copy(input, destination, DirectBytes);
        return DirectBytes == 0 ? BodyResult.End : GoesOn(written, input.Length > consumed);
    }

    public override bool TookDirect(int count)
    {
        Received += count;
        return DirectBytes == 0;
    }

    public override void ReceiveEof(bool clean, Exception? cause) =>
        throw Ended(_length, clean, cause);
}
