using System.Text;
using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies.Decoding;

/// <summary>These need libzstd 1.4 or later on the machine.</summary>
public sealed class ZstdDecoderTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(7)]
    public void Frames_one_after_the_other_are_one_body_and_skippable_ones_are_skipped_DC09(int pieceSize)
    {
        byte[] body = [.. ZstdFrames.Of("foo"u8), .. ZstdFrames.Skippable(100), .. ZstdFrames.Of(""u8), .. ZstdFrames.Of("bar"u8)];
        using var decoder = CodedSamples.Decoder("zstd");
        Assert.Equal("foobar", Encoding.ASCII.GetString(DecodeLoop.Read(decoder, body, () => pieceSize)));
    }

    [Fact]
    public void A_cut_second_frame_is_an_error()
    {
        byte[] body = [.. ZstdFrames.Of("foo"u8), .. ZstdFrames.Of("bar"u8)];
        for (var length = body.Length / 2 + 1; length < body.Length; length++)
        {
            using var decoder = CodedSamples.Decoder("zstd");
            Assert.Throws<DecodeException>(() => DecodeLoop.Read(decoder, body.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Other_bytes_after_a_frame_are_an_error_DC03()
    {
        using var decoder = CodedSamples.Decoder("zstd");
        Assert.Throws<DecodeException>(() => DecodeLoop.Read(decoder, [.. ZstdFrames.Of("foo"u8), .. "\r\nfoo"u8]));
    }

    [Fact]
    public void A_frame_may_ask_for_a_window_of_eight_megabytes_and_no_more()
    {
        using var decoder = CodedSamples.Decoder("zstd");
        Assert.Equal(ZstdFrames.BlockSize, DecodeLoop.Read(decoder, ZstdFrames.OfZeros(1, windowLog: 23)).Length);

        using var strict = CodedSamples.Decoder("zstd");
        var error = Assert.Throws<DecodeException>(() => DecodeLoop.Read(strict, ZstdFrames.OfZeros(1, windowLog: 24)));
        Assert.Contains("memory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_empty_frames_are_read_to_their_end()
    {
        byte[] body = [.. CodedSamples.Repeat(ZstdFrames.Of(""u8), 1_000_000), .. ZstdFrames.Of("foo"u8)];
        using var decoder = CodedSamples.Decoder("zstd");
        Assert.Equal("foo"u8, DecodeLoop.Read(decoder, body));
    }

    [Fact]
    public void A_disposed_decoder_says_so()
    {
        var decoder = CodedSamples.Decoder("zstd");
        decoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => decoder.Decode([1], new byte[1], out _, out _));
    }

    [Theory]
    [InlineData("libnosuchthing.so.7")]
    [InlineData("libc.so.6")]
    public void A_machine_without_a_fitting_library_has_no_zstd_and_no_error(string fileName) =>
        Assert.Null(ZstdLibrary.Open(fileName));
}
