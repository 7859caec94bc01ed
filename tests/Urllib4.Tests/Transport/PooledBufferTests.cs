using System.Buffers;
using System.Runtime.InteropServices;
using Urllib4.Transport;

namespace Urllib4.Tests.Transport;

/// <summary>Bytes in an array that is lent.</summary>
public sealed class PooledBufferTests
{
    [Fact]
    public void What_was_put_in_comes_out_in_order_however_much_is_held()
    {
        var buffer = new PooledBuffer(ArrayPool<byte>.Shared);
        var random = new Random(1);
        byte[] part = new byte[1000];
        byte put = 0, taken = 0;
        for (int step = 0; step < 2000; step++)
        {
            int count = random.Next(part.Length);
            for (int i = 0; i < count; i++)
                part[i] = put++;
            buffer.Append(part.AsSpan(0, count), 16);
            int used = random.Next(Math.Min(buffer.Held.Length, 1000) + 1);
            foreach (byte one in buffer.Held.Span[..used])
                Assert.Equal(taken++, one);
            buffer.Use(used);
        }

        foreach (byte one in buffer.Held.Span)
            Assert.Equal(taken++, one);
        Assert.Equal(put, taken);
        buffer.GiveBack();
    }

    [Fact]
    public void A_long_queue_is_moved_seldom()
    {
        var buffer = new PooledBuffer(ArrayPool<byte>.Shared);
        byte[] part = new byte[1000];
        buffer.Append(new byte[100_000], 16);
        int moves = 0;
        for (int step = 0; step < 1000; step++)
        {
            int before = Start(buffer);
            buffer.Append(part, 16);
            moves += Start(buffer) < before ? 1 : 0;
            buffer.Use(part.Length);
        }

        // A thousand parts are a million bytes: ten moves of the hundred thousand that are held cost as much as the bytes themselves.
        Assert.InRange(moves, 1, 10);
        buffer.GiveBack();

        static int Start(in PooledBuffer buffer) =>
            MemoryMarshal.TryGetArray(buffer.Held, out ArraySegment<byte> segment) ? segment.Offset : throw new InvalidOperationException();
    }
}
