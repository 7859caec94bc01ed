namespace Urllib4.Protocol.Http2;

/// <summary>
/// The streams that this side has reset, on which frames may still be under way (RFC 9113, section 5.1). Only the last are remembered;
/// of those before, any may have been reset, so that nobody is accused of what he may not have known.
/// </summary>
internal sealed class ResetMemory
{
    /// <summary>As many as are kept: the frames of a network's delay, and a kilobyte.</summary>
    public const int Size = 256;

    private readonly int[] _ids = new int[Size];
    private int _next;
    private int _forgotten;

    public void Add(int id)
    {
        _forgotten = Math.Max(_forgotten, _ids[_next]);
        _ids[_next] = id;
        _next = (_next + 1) % Size;
    }

    /// <summary>Whether the peer may not have known that the stream was reset.</summary>
    public bool MayHave(int id) => id <= _forgotten || _ids.AsSpan().Contains(id);

    /// <summary>The peer has ended the stream, so nothing more may come.</summary>
    public void Remove(int id)
    {
        if (_ids.AsSpan().IndexOf(id) is var at and >= 0)
            _ids[at] = 0;
    }
}
