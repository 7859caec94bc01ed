namespace Urllib4.Protocol.Http2;

/// <summary>
/// The fields that were sent lately and not indexed. One that comes again is worth its place in the table; a path or a request id that
/// never does would only push out others that do.
/// </summary>
internal sealed class FieldHistory
{
    /// <summary>So many fields may lie between a field and its repetition.</summary>
    private const int Size = 64;

    private readonly uint[] _prints = new uint[Size];
    private int _next;

    /// <summary>Whether a field was met lately. It is from now on.</summary>
    public bool Meet(uint fingerprint)
    {
        if (_prints.AsSpan().Contains(fingerprint))
            return true;
        _prints[_next] = fingerprint;
        _next = (_next + 1) % Size;
        return false;
    }
}
