namespace Urllib4.Bodies;

/// <summary>
/// Undoes one content coding, or a chain of them (RFC 9110, section 8.4). Spans go in and spans come out, without waiting: one reading loop
/// serves blocking and asynchronous callers alike, and what is held is the window of the format, never the decoded body (DC-01).
/// </summary>
/// <remarks>For one caller at a time. After an exception the decoder can only be disposed.</remarks>
internal abstract class ContentDecoder(string coding) : IDisposable
{
    private bool _started;
    private bool _ended;

    /// <summary>Takes what it can from <paramref name="source"/> and gives what fits into <paramref name="destination"/>.</summary>
    /// <exception cref="DecodeException">The data is corrupt, whatever the platform's decoder threw about it (DC-11).</exception>
    public DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        written = 0;
        if (_ended)
        {
            consumed = source.Length;
            return DecodeStatus.Done;
        }

        consumed = 0;
        if (destination.IsEmpty)
            return DecodeStatus.NeedOutput;

        DecodeStatus status;
        try
        {
            status = Advance(source, destination, out consumed, out written);
        }
        catch (Exception error) when (error is not (DecodeException or ObjectDisposedException or OutOfMemoryException))
        {
            throw Corrupt("the platform's decoder refused it.", error);
        }

        _started |= consumed > 0;
        if (status == DecodeStatus.Done)
        {
            _ended = true;
            consumed = source.Length;
        }

        return status;
    }

    /// <summary>
    /// Says that the body has ended; to be called once <see cref="Decode"/> answered <see cref="DecodeStatus.NeedInput"/> or
    /// <see cref="DecodeStatus.Done"/>. A body without a single byte is no coded data, and passes: servers label empty bodies too.
    /// </summary>
    /// <exception cref="DecodeException">The coded data is not complete (DC-10).</exception>
    public void Finish()
    {
        if (_started && !_ended && !IsComplete())
            throw new DecodeException($"The body ended in the middle of its {coding} data.");
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>One step of <see cref="Decode"/>, with a destination that has room.</summary>
    protected abstract DecodeStatus Advance(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written);

    /// <summary>Whether the data may end here; asked once, after all input, if <see cref="DecodeStatus.Done"/> was never said.</summary>
    protected abstract bool IsComplete();

    /// <summary>The error for data that breaks its format.</summary>
    protected DecodeException Corrupt(string reason, Exception? cause = null) =>
        new($"The {coding} data of the body is corrupt: {reason}", cause);
}
