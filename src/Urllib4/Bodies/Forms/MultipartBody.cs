using System.Buffers;
using System.Text;

namespace Urllib4.Bodies;

/// <summary>
/// A multipart body as a row of bodies: delimiters, heads and small parts melt together in memory, larger parts stay as they are.
/// </summary>
internal sealed class MultipartBody : RequestBody
{
    // Up to here copying is cheaper than another read and another chunk on the wire.
    private const int CopiedLength = 16 * 1024;

    private readonly List<RequestBody> _pieces;

    private MultipartBody(List<RequestBody> pieces, string boundary)
    {
        _pieces = pieces;
        ContentType = MultipartBoundary.ContentType(boundary);
    }

    public override string ContentType { get; }

    public override long? Length
    {
        get
        {
            long? sum = 0;
            foreach (var piece in _pieces)
                sum += piece.Length;
            return sum;
        }
    }

    public override bool IsReplayable => _pieces.TrueForAll(static piece => piece.IsReplayable);

    internal override bool IsSpent => _pieces.Exists(static piece => piece.IsSpent);

    internal override ReadOnlyMemory<byte>? InMemory => _pieces is [var only] ? only.InMemory : null;

    public static MultipartBody Of(IEnumerable<RequestField> fields, string? boundary)
    {
        if (boundary is not null)
            MultipartBoundary.Check(boundary);
        boundary ??= MultipartBoundary.Choose();
        byte[] delimiter = Encoding.ASCII.GetBytes("--" + boundary);
        var pieces = new List<RequestBody>();
        var memory = new ArrayBufferWriter<byte>();
        foreach (var field in fields)
        {
            ArgumentNullException.ThrowIfNull(field, nameof(fields));
            memory.Write(delimiter);
            memory.Write("\r\n"u8);
            PartHead.Write(memory, field);
            if (field.Data.InMemory is { Length: <= CopiedLength } small)
            {
                memory.Write(small.Span);
            }
            else
            {
                pieces.Add(FromBytes(memory.WrittenSpan.ToArray()));
                pieces.Add(field.Data);
                memory.Clear();
            }

            memory.Write("\r\n"u8);
        }

        memory.Write(delimiter);
        memory.Write("--\r\n"u8);
        pieces.Add(FromBytes(memory.WrittenSpan.ToArray()));
        return new(pieces, boundary);
    }

    protected internal override Stream Open() => new ConcatenatedStream(_pieces);
}
