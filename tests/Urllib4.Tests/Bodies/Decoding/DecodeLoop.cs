using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies.Decoding;

/// <summary>The reading loop as the library has it, which also checks that the decoder keeps its word at every step.</summary>
internal static class DecodeLoop
{
    /// <summary>Decodes a whole body that comes in pieces of given sizes, with room for so many bytes at a time.</summary>
    public static byte[] Read(ContentDecoder decoder, ReadOnlySpan<byte> body, Func<int>? pieceSize = null, int room = 64 * 1024)
    {
        var decoded = new MemoryStream();
        var destination = new byte[room];
        do
        {
            var piece = body[..Math.Min(body.Length, pieceSize?.Invoke() ?? body.Length)];
            body = body[piece.Length..];
            DecodeStatus status;
            do
            {
                status = decoder.Decode(piece, destination, out var consumed, out var written);
                if (status != DecodeStatus.NeedOutput)
                    Assert.Equal(piece.Length, consumed);
                piece = piece[consumed..];
                decoded.Write(destination, 0, written);
            }
            while (status == DecodeStatus.NeedOutput);
        }
        while (!body.IsEmpty);

        decoder.Finish();
        return decoded.ToArray();
    }

    /// <summary>Reads a whole body and counts what comes out of it; nothing is kept.</summary>
    public static long Count(ContentDecoder decoder, ReadOnlySpan<byte> body, Span<byte> destination)
    {
        long total = 0;
        DecodeStatus status;
        do
        {
            status = decoder.Decode(body, destination, out var consumed, out var written);
            body = body[consumed..];
            total += written;
        }
        while (status == DecodeStatus.NeedOutput);

        decoder.Finish();
        return total;
    }
}
