using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies.Decoding;

public sealed class ChainDecoderTests
{
    [Theory]
    [InlineData("deflate, deflate")]
    [InlineData("deflate, gzip")]
    [InlineData("gzip, gzip")]
    [InlineData("br, gzip, deflate, gzip, br")]
    public void Codings_are_undone_in_reverse(string codings)
    {
        var body = codings.Split(", ").Aggregate(CodedSamples.Text, Encode);
        foreach (var room in (int[])[1, 3, 9, 333, 100_000])
        {
            using var decoder = ContentDecoding.Parse([codings]).CreateDecoder();
            Assert.Equal(CodedSamples.Text, DecodeLoop.Read(decoder!, body, room: room));
        }
    }

    [Fact]
    public void The_outer_checksum_is_checked_though_the_inner_data_has_ended()
    {
        var body = CodedSamples.Gzip(CodedSamples.Zlib("foo"u8));
        body[^8] ^= 1;
        using var decoder = CodedSamples.Decoder("deflate+gzip");
        Assert.Throws<DecodeException>(() => DecodeLoop.Read(decoder, body));
    }

    [Fact]
    public void An_inner_stream_cut_inside_a_whole_outer_one_is_an_error()
    {
        var inner = CodedSamples.Zlib(CodedSamples.Text);
        for (var length = 1; length < inner.Length; length++)
        {
            using var decoder = CodedSamples.Decoder("deflate+gzip");
            Assert.Throws<DecodeException>(() => DecodeLoop.Read(decoder, CodedSamples.Gzip(inner.AsSpan(0, length))));
        }
    }

    [Fact]
    public void An_outer_stream_of_nothing_decodes_to_nothing()
    {
        using var decoder = CodedSamples.Decoder("deflate+gzip");
        Assert.Empty(DecodeLoop.Read(decoder, CodedSamples.EmptyMember));
    }

    private static byte[] Encode(byte[] plain, string coding) => coding switch
    {
        "gzip" => CodedSamples.Gzip(plain),
        "deflate" => CodedSamples.Zlib(plain),
        _ => CodedSamples.Brotli(plain),
    };
}
