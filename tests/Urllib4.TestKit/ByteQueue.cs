namespace Urllib4.TestKit;

/// <summary>Bytes that were received and not yet understood, and a record of all there ever were.</summary>
internal sealed class ByteQueue
{
    private readonly MemoryStream _all = new();
    private int _start;

    public ReadOnlySpan<byte> Unread => _all.GetBuffer().AsSpan(_start, (int)_all.Length - _start);

    public void Append(ReadOnlySpan<byte> bytes) => _all.Write(bytes);

    public void Consume(int count) => _start += count;

    public byte[] All() => _all.ToArray();
}
