namespace Urllib4.Protocol.Http1;

/// <summary>Takes one response body out of its framing, straight into the caller's buffer.</summary>
internal abstract class BodyReader
{
    /// <summary>Body bytes received so far, without framing.</summary>
    public long Received { get; protected set; }

    /// <summary>How many of the next bytes of the wire are body bytes and nothing else.</summary>
    public abstract long DirectBytes { get; }

    /// <summary>
    /// Moves body bytes from the input to the destination. What was not consumed has to come again, with more behind it; a framing error
    /// is thrown only by a call that has written nothing.
    /// </summary>
    public abstract BodyResult Read(ReadOnlySpan<byte> input, Span<byte> destination, out int consumed, out int written);

    /// <summary>Accounts for bytes that went past <see cref="Read"/>; true when they were the last.</summary>
    public abstract bool TookDirect(int count);

    /// <summary>The wire has ended. Returns when that is how this body ends; throws when something is missing.</summary>
    public abstract void ReceiveEof(bool clean, Exception? cause);

    /// <summary>Copies what the input has, the destination can hold, and the limit allows.</summary>
    protected int Copy(ReadOnlySpan<byte> input, Span<byte> destination, long limit)
    {
        int count = (int)Math.Min(Math.Min(input.Length, destination.Length), limit);
        input[..count].CopyTo(destination);
        Received += count;
        return count;
    }

    /// <summary>The error for a connection that ended too early.</summary>
    /// <param name="expected">Body bytes announced in all, or null.</param>
    /// <param name="clean">False over TLS when the connection ended without a proper end of TLS.</param>
    /// <param name="cause">How the connection broke; null when it ended without an error.</param>
    protected IncompleteReadException Ended(long? expected, bool clean, Exception? cause)
    {
        var ended = new IncompleteReadException(Received, expected, null, cause);
        return clean || cause is not null ? ended : new IncompleteReadException(
            Received,
            expected,
            $"{ended.Sentence} TLS was not ended either (no close_notify), so somebody on the way may have cut the connection.");
    }

    /// <summary>The answer while the body goes on: whether something was written, or would have been in a larger destination.</summary>
    protected static BodyResult GoesOn(int written, bool moreAtHand) => written > 0 || moreAtHand ? BodyResult.Data : BodyResult.NeedMore;
}
