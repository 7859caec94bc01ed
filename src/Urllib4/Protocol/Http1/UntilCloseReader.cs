namespace Urllib4.Protocol.Http1;

/// <summary>
/// A body that ends where the connection ends. Nothing but a clean end (FIN, and under TLS the close_notify) tells it from one that
/// was cut short, so any other end is an error (RFC 9112, section 9.8).
/// </summary>
internal sealed class UntilCloseReader : BodyReader
{
    public override long DirectBytes => long.MaxValue;

    public void Start() => Received = 0;

    public override BodyResult Read(ReadOnlySpan<byte> input, Span<byte> destination, out int consumed, out int written)
    {
        consumed = written = Copy(input, destination, long.MaxValue);
        return GoesOn(written, input.Length > consumed);
    }

    public override bool TookDirect(int count)
    {
        Received += count;
        return false;
    }

    public override void ReceiveEof(bool clean, Exception? cause)
    {
        if (!clean)
            throw Ended(null, clean, cause);
    }
}
