namespace Urllib4.Protocol.Http2;

/// <summary>How much the peer has room for (RFC 9113, section 6.9.1). It may become negative when the peer changes its mind.</summary>
internal struct SendWindow(int size)
{
    /// <summary>Bytes that may be sent now; less than 1 for none.</summary>
    public int Available { get; private set; } = size;

    /// <summary>Counts bytes that are sent.</summary>
    public void Take(int count) => Available -= count;

    /// <summary>Changes the room; false when there would be more than a window can hold.</summary>
    public bool TryChange(int by)
    {
        long changed = (long)Available + by;
        if (changed > int.MaxValue)
            return false;
        Available = (int)Math.Max(changed, int.MinValue);
        return true;
    }
}
