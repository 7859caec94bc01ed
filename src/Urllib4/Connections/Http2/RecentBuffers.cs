using System.Buffers;

namespace Urllib4.Connections;

/// <summary>
/// Buffers of one length that went through the hands of many streams. A hundred responses come with one receive and are read by other
/// threads than the one that rented for them, which is more than the shared pool keeps. Used under the gate of the connection.
/// </summary>
internal sealed class RecentBuffers : ArrayPool<byte>
{
    /// <summary>As long as most small bodies, and as short as a thousand streams can afford.</summary>
    public const int Length = 1024;

    // As many as a burst of small responses fills: 1 MB of a busy connection.
    private const int Most = 1024;

    private readonly Stack<byte[]> _kept = new();

    public override byte[] Rent(int minimumLength)
    {
        if (minimumLength > Length)
            return Shared.Rent(minimumLength);
        return _kept.TryPop(out byte[]? buffer) ? buffer : Shared.Rent(Length);
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        if (array.Length == Length && _kept.Count < Most)
            _kept.Push(array);
        else
            Shared.Return(array);
    }

    /// <summary>Gives back what is kept.</summary>
    public void Clear()
    {
        while (_kept.TryPop(out byte[]? buffer))
            Shared.Return(buffer);
        _kept.TrimExcess();
    }
}
