using System.Buffers;

namespace Urllib4.Connections;

/// <summary>Carries a span over to what takes memory only, through an array of the shared pool, in parts when it is long.</summary>
internal static class SpanWrites
{
    private const int PartLength = 16 * 1024;

    /// <summary>Writes all of it; an empty span is not written.</summary>
    /// <param name="data">What is to be written.</param>
    /// <param name="target">What <paramref name="write"/> writes to.</param>
    /// <param name="write">Writes one part, and is done with the memory when it returns.</param>
    public static void WriteParts<TTarget>(ReadOnlySpan<byte> data, TTarget target, Action<TTarget, ReadOnlyMemory<byte>> write)
    {
        if (data.IsEmpty)
            return;
        byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Min(data.Length, PartLength));
        try
        {
            while (!data.IsEmpty)
            {
                ReadOnlySpan<byte> part = data[..Math.Min(data.Length, rented.Length)];
                part.CopyTo(rented);
                write(target, rented.AsMemory(0, part.Length));
                data = data[part.Length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
