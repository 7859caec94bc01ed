using System.Buffers;
using System.Runtime.InteropServices;
using Urllib4.Transport;

namespace Urllib4.Tests.Transport;

/// <summary>Who has the read-ahead, and when it goes back: an array in the pool that is still written into would be anybody's bytes.</summary>
public sealed class TlsRecordStreamTests
{
    private static readonly byte[] _twoRecords = [23, 3, 3, 0, 1, 7, 23, 3, 3, 0, 1, 8];

    [Fact]
    public void What_was_read_ahead_is_handed_on_record_by_record()
    {
        using var stream = new TlsRecordStream(new Source(_twoRecords), null);
        byte[] buffer = new byte[100];
        Assert.Equal(6, stream.Read(buffer));
        Assert.True(stream.IsReadable);
        Assert.Equal(6, stream.Read(buffer));
        Assert.Equal(8, buffer[5]);
        Assert.False(stream.IsReadable);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(12)]
    public void However_records_come_no_read_brings_bytes_of_two_of_them(int piece)
    {
        using var stream = new TlsRecordStream(new Source(_twoRecords) { Piece = piece }, null);
        byte[] buffer = new byte[100];
        int total = 0;
        while (stream.Read(buffer) is > 0 and int count)
        {
            Assert.Equal(_twoRecords.AsSpan(total, count), buffer.AsSpan(0, count));
            Assert.Equal(total / 6, (total + count - 1) / 6);
            total += count;
            Assert.Equal(total % 6 > 0, stream.IsMidRecord);
        }

        Assert.Equal(_twoRecords.Length, total);
        Assert.True(stream.SawEnd);
    }

    [Fact]
    public async Task At_the_end_the_buffer_goes_back()
    {
        var source = new Source([]);
        await using var stream = new TlsRecordStream(source, null);
        Assert.Equal(0, await stream.ReadAsync(new byte[100]));
        Assert.True(stream.SawEnd);
        Assert.True(IsInPool(source.Given!));
    }

    [Fact]
    public async Task A_buffer_that_holds_something_goes_back_when_the_stream_is_disposed()
    {
        var source = new Source(_twoRecords);
        var stream = new TlsRecordStream(source, null);
        Assert.Equal(6, await stream.ReadAsync(new byte[100]));
        Assert.False(IsInPool(source.Given!));
        await stream.DisposeAsync();
        Assert.True(IsInPool(source.Given!));
        Assert.Throws<ObjectDisposedException>(() => stream.Read(new byte[100]));
    }

    [Fact]
    public async Task A_buffer_goes_back_only_after_the_read_that_was_under_way()
    {
        var source = new Source(_twoRecords) { Gate = new TaskCompletionSource() };
        var stream = new TlsRecordStream(source, null);
        ValueTask<int> read = stream.ReadAsync(new byte[100]);
        await stream.DisposeAsync();
        Assert.False(IsInPool(source.Given!));

        source.Gate.SetResult();
        Assert.Equal(6, await read);
        Assert.True(IsInPool(source.Given!));
    }

    [Fact]
    public async Task A_buffer_whose_read_failed_never_goes_back()
    {
        var source = new Source(_twoRecords) { Gate = new TaskCompletionSource() };
        var stream = new TlsRecordStream(source, null);
        ValueTask<int> read = stream.ReadAsync(new byte[100]);
        source.Gate.SetException(new IOException());
        await Assert.ThrowsAsync<IOException>(async () => await read);
        await stream.DisposeAsync();
        Assert.False(IsInPool(source.Given!));
    }

    // The one thread leaves the buffer and looks whether the stream is disposed of; the other one disposes of it and looks for the buffer.
    [Fact]
    public void However_a_read_and_the_disposal_meet_no_buffer_is_left()
    {
        const int Rounds = 10_000;
        byte[] buffer = new byte[100];
        TlsRecordStream stream = null!;
        int reading = 0, disposed = 0, left = 0;
        var other = new Thread(() =>
        {
            for (int round = 1; round <= Rounds; round++)
            {
                SpinUntil(ref reading, round);
                stream.Dispose();
                Volatile.Write(ref disposed, round);
            }
        });
        other.Start();
        for (int round = 1; round <= Rounds; round++)
        {
            int now = round;
            stream = new TlsRecordStream(new Source(_twoRecords) { Also = () => Meet(now) }, null);
            Assert.Equal(6, stream.Read(buffer));
            SpinUntil(ref disposed, round);
            if (Record.Exception(() => stream.Read(buffer)) is not ObjectDisposedException)
                left++;
        }

        other.Join();
        Assert.Equal(0, left);

        // A little later each time, so that they meet in every place.
        void Meet(int round)
        {
            Volatile.Write(ref reading, round);
            for (int spins = round % 256; spins > 0; spins--)
                Volatile.Read(ref disposed);
        }
    }

    private static void SpinUntil(ref int value, int least)
    {
        for (int spins = 0; Volatile.Read(ref value) < least; spins++)
        {
            if (spins > 10_000)
                Thread.Yield();
        }
    }

    // What this thread has given back last is what it gets first.
    private static bool IsInPool(byte[] array)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(array.Length);
        ArrayPool<byte>.Shared.Return(rented);
        return rented == array;
    }

    private sealed class Source(byte[] data) : NetworkedStream
    {
        private int _given;

        public TaskCompletionSource? Gate { get; init; }

        public byte[]? Given { get; private set; }

        public Action? Also { get; init; }

        public int Piece { get; init; } = int.MaxValue;

        public override bool IsReadable => true;

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(Math.Min(buffer.Length, Piece), data.Length - _given);
            data.AsSpan(_given, count).CopyTo(buffer);
            _given += count;
            Also?.Invoke();
            return count;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.True(MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment));
            Given = segment.Array;
            if (Gate is { } gate)
                await gate.Task.ConfigureAwait(false);
            return Read(buffer.Span);
        }

        public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
