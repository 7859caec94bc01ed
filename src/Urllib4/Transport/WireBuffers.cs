using System.Buffers;

namespace Urllib4.Transport;

/// <summary>The rented buffers of a wire: grown when there is no room left, given back when nothing is under way.</summary>
internal static class WireBuffers
{
    public static void MakeRoom(ref byte[]? buffer, int used, int needed, int least)
    {
        if (buffer is not null && buffer.Length - used >= needed)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(used + needed, least));
        if (buffer is not null)
        {
            buffer.AsSpan(0, used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
        }

        buffer = larger;
    }

    public static void GiveBack(ref byte[]? buffer)
    {
        if (buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
    }
}
