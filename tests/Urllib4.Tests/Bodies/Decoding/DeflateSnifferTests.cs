using System.IO.Compression;

namespace Urllib4.Tests.Bodies.Decoding;

public sealed class DeflateSnifferTests
{
    public static TheoryData<CompressionLevel> Levels =>
        [CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.Optimal, CompressionLevel.SmallestSize];

    [Theory]
    [MemberData(nameof(Levels))]
    public void Both_formats_are_told_apart_at_every_level_DC12(CompressionLevel level)
    {
        Check(to => new ZLibStream(to, level, leaveOpen: true));
        Check(to => new DeflateStream(to, level, leaveOpen: true));
    }

    [Theory]
    [InlineData("7801")] // zlib, then nothing
    [InlineData("78")]
    [InlineData("7802")] // not a multiple of 31: raw, and not valid as such
    [InlineData("78BB0000")] // wants a preset dictionary
    [InlineData("00000000000000000000")]
    public void Neither_format_is_an_error(string hex)
    {
        using var decoder = CodedSamples.Decoder("zlib");
        Assert.Throws<DecodeException>(() => DecodeLoop.Read(decoder, Convert.FromHexString(hex)));
    }

    [Fact]
    public void The_shortest_bodies_of_both_formats_decode_to_nothing()
    {
        foreach (var hex in (string[])["0300", "789C030000000001"])
        {
            using var decoder = CodedSamples.Decoder("zlib");
            Assert.Empty(DecodeLoop.Read(decoder, Convert.FromHexString(hex), () => 1));
        }
    }

    [Fact]
    public void Raw_deflate_that_has_the_method_of_zlib_but_not_its_check_is_raw()
    {
        // A stored block whose padding is not zero: bad taste, but valid.
        using var decoder = CodedSamples.Decoder("raw");
        Assert.Equal("foo"u8, DecodeLoop.Read(decoder, Convert.FromHexString("080300FCFF" + "666F6F" + "0300")));
    }

    private static void Check(Func<Stream, Stream> encoder)
    {
        using var packed = new MemoryStream();
        using (var stream = encoder(packed))
            stream.Write(CodedSamples.Text);
        using var decoder = CodedSamples.Decoder("zlib");
        Assert.Equal(CodedSamples.Text, DecodeLoop.Read(decoder, packed.ToArray()));
    }
}
