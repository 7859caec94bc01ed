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

        public override bool IsReadable => true;

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(buffer.Length, data.Length - _given);
            data.AsSpan(_given, count).CopyTo(buffer);
            _given += count;
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
