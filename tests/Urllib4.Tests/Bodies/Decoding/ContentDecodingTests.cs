using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies.Decoding;

public sealed class ContentDecodingTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("GZip")]
    [InlineData("x-gzip")]
    [InlineData(" \tX-GZIP ")]
    [InlineData("identity, gzip")]
    [InlineData("gzip,Identity")]
    [InlineData(",, gzip , ,")]
    public void Names_are_read_in_any_case_with_blanks_and_empty_elements_ignored(string line)
    {
        var decoding = ContentDecoding.Parse([line]);
        Assert.True(decoding.IsNeeded);
        Assert.Null(decoding.UnknownCoding);
        using var decoder = decoding.CreateDecoder();
        Assert.Equal("foo"u8, DecodeLoop.Read(decoder!, CodedSamples.Gzip("foo"u8)));
    }

    [Theory]
    [InlineData("deFlAte", "zlib")]
    [InlineData("BR", "br")]
    [InlineData("Zstd", "zstd")]
    public void Every_coding_is_known_in_any_case(string line, string sample)
    {
        using var decoder = ContentDecoding.Parse([line]).CreateDecoder();
        Assert.Equal(CodedSamples.Text, DecodeLoop.Read(decoder!, CodedSamples.Coded(sample)));
    }

    [Fact]
    public void Several_lines_are_one_list()
    {
        using var decoder = ContentDecoding.Parse(["deflate", "gzip"]).CreateDecoder();
        Assert.Equal(CodedSamples.Text, DecodeLoop.Read(decoder!, CodedSamples.Coded("deflate+gzip")));
    }

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("identity")]
    [InlineData(" , ,", "identity , identity")]
    public void Nothing_to_undo_is_no_decoder(params string[] lines)
    {
        var decoding = ContentDecoding.Parse(lines);
        Assert.False(decoding.IsNeeded);
        Assert.Null(decoding.UnknownCoding);
        Assert.Null(decoding.CreateDecoder());
    }

    [Theory]
    [InlineData("compress", "compress")]
    [InlineData("gzip, Foo", "Foo")]
    [InlineData("foo, gzip, bar", "foo")]
    [InlineData("gzip;q=1", "gzip;q=1")]
    [InlineData("gz ip", "gz ip")]
    [InlineData("gzip\u00A0", "gzip\u00A0")]
    public void An_unknown_coding_leaves_the_whole_body_raw_and_is_named(string line, string unknown)
    {
        var decoding = ContentDecoding.Parse([line]);
        Assert.False(decoding.IsNeeded);
        Assert.Equal(unknown, decoding.UnknownCoding);
        Assert.Null(decoding.CreateDecoder());
    }

    [Theory]
    [InlineData("gzip, gzip, gzip, gzip, gzip")]
    [InlineData("gzip", "gzip, gzip", "", " ,, gzip", "identity")]
    public void Five_codings_are_undone(params string[] lines) => Assert.True(ContentDecoding.Parse(lines).IsNeeded);

    [Theory]
    [InlineData("gzip, gzip, gzip, gzip, gzip, gzip")]
    [InlineData("gzip, gzip, gzip", "gzip", "gzip, gzip")]
    [InlineData("identity, identity, identity, identity, identity, identity")]
    [InlineData("a, b, c, d, e, f")]
    public void A_sixth_coding_over_all_lines_is_an_error_DC02(params string[] lines) =>
        Assert.Throws<DecodeException>(() => ContentDecoding.Parse(lines));

    [Fact]
    public void A_body_without_the_header_costs_nothing()
    {
        string[] none = [];
        ContentDecoding.Parse(none); // the type is set up by its first use
        var before = GC.GetAllocatedBytesForCurrentThread();
        var decoding = ContentDecoding.Parse(none);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.False(decoding.IsNeeded);
    }
}
