namespace Urllib4.Protocol.Http2;

/// <summary>
/// How much the peer may send (RFC 9113, section 6.9.1). Room is given back in halves of the window, not in drops: a WINDOW_UPDATE for
/// every read would cost more than the data.
/// </summary>
internal struct ReceiveWindow(int size)
{
    private int _freed;

    /// <summary>What the peer may send when everything was read and given back.</summary>
    public int Size { get; private set; } = size;

    /// <summary>What the peer may still send.</summary>
    public int Available { get; private set; } = size;

    /// <summary>Counts bytes that came; false when they were more than allowed.</summary>
    public bool TryTake(int count)
    {
        if (count > Available)
            return false;
        Available -= count;
        return true;
    }

    /// <summary>Bytes that came were read or dropped. Says whether that is enough by now to be given back.</summary>
    public bool Frees(int count)
    {
        _freed += count;
        return _freed >= (Size + 1) / 2;
    }

    /// <summary>Gives back what was read or dropped, and tells the increment to announce now.</summary>
    public int GiveBack()
    {
        int increment = _freed;
        Available += increment;
        _freed = 0;
        return increment;
    }

    /// <summary>Makes the window larger, and tells the increment to announce now.</summary>
    public int GrowTo(int size)
    {
        if (size <= Size)
            return 0;
        _freed += size - Size;
        Size = size;
        return GiveBack();
    }
}
