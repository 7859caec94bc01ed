using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies.Decoding;

/// <summary>Small bodies that want to become large ones: they may cost time, in pieces, but never memory (DC-01).</summary>
public sealed class DecompressionBombTests
{
    private const int BombSize = 64 * 1024 * 1024;

    private static readonly Lazy<byte[]> _zeros = new(() => new byte[BombSize]);

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    [InlineData("br, gzip, deflate")]
    public void Decoding_a_bomb_piece_by_piece_takes_no_more_than_the_window(string codings)
    {
        var bomb = codings.Split(", ").Aggregate(_zeros.Value, Encode);
        var destination = new byte[4096];

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var decoder = ContentDecoding.Parse([codings]).CreateDecoder();
        var size = DecodeLoop.Count(decoder!, bomb, destination);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(BombSize, size);
        Assert.InRange(allocated, 0, 100_000);
    }

    [Fact]
    public void Decoding_a_zstd_bomb_piece_by_piece_takes_no_more_than_the_window()
    {
        var bomb = ZstdFrames.OfZeros(blocks: 2000);
        var destination = new byte[4096];

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var decoder = CodedSamples.Decoder("zstd");
        var size = DecodeLoop.Count(decoder, bomb, destination);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(2000L * ZstdFrames.BlockSize, size);
        Assert.InRange(allocated, 0, 100_000);
    }

    [Fact]
    public void One_byte_asked_for_is_one_byte_decoded()
    {
        var bomb = CodedSamples.Gzip(_zeros.Value);
        using var decoder = CodedSamples.Decoder("gzip");
        var destination = new byte[2];
        for (var call = 0; call < 1000; call++)
        {
            Assert.Equal(DecodeStatus.NeedOutput, decoder.Decode(bomb, destination.AsSpan(0, 1), out var consumed, out var written));
            Assert.Equal(1, written);
            bomb = bomb[consumed..];
        }

        Assert.InRange(bomb.Length, 40_000, BombSize);
    }

    [Fact]
    public void A_stacked_bomb_that_gives_nothing_comes_back_to_its_caller_now_and_then()
    {
        ReadOnlySpan<byte> bomb = CodedSamples.Gzip(CodedSamples.Repeat(CodedSamples.EmptyMember, 200_000));
        using var decoder = ContentDecoding.Parse(["gzip, gzip"]).CreateDecoder();

        var calls = 0;
        DecodeStatus status;
        do
        {
            status = decoder!.Decode(bomb, new byte[16], out var consumed, out var written);
            Assert.Equal(0, written);
            bomb = bomb[consumed..];
            calls++;
        }
        while (status == DecodeStatus.NeedOutput);

        decoder.Finish();
        Assert.InRange(calls, 4, 1000);
    }

    private static byte[] Encode(byte[] plain, string coding) => coding switch
    {
        "gzip" => CodedSamples.Gzip(plain),
        "deflate" => CodedSamples.Zlib(plain),
        _ => CodedSamples.Brotli(plain),
    };
}
