using Urllib4.Protocol.Hpack;

namespace Urllib4.Tests.Protocol.Hpack;

public class HpackDecoderTests
{
    [Theory]
    [InlineData("80", "index 0")]
    [InlineData("be", "index 62")]
    [InlineData("ff00", "index 127")]
    [InlineData("7e0161", "index 62")]
    [InlineData("0f2f0161", "index 62")]
    [InlineData("ffffffffff7f", "2^31-1")]
    [Trait("check", "H2-08")]
    public void A_field_that_nobody_put_there_is_refused(string block, string rule) =>
        Assert.Contains(rule, HpackText.Refuse(new HpackDecoder(), HpackText.Bytes(block)), StringComparison.Ordinal);

    [Theory]
    [InlineData("40")]
    [InlineData("4001")]
    [InlineData("400161")]
    [InlineData("40016102")]
    [InlineData("4001610262")]
    [InlineData("4081")]
    [InlineData("40ff80feffff07")]
    [InlineData("407f80feffff0761")]
    [InlineData("ff")]
    [InlineData("3f")]
    [InlineData("0f")]
    [Trait("check", "H2-08")]
    public void A_block_that_ends_too_early_is_refused(string block) =>
        Assert.Contains("it ends within", HpackText.Refuse(new HpackDecoder(), HpackText.Bytes(block)), StringComparison.Ordinal);

    [Fact]
    public void The_static_table_is_that_of_appendix_A()
    {
        var decoder = new HpackDecoder();
        string all = HpackText.Decode(decoder, [.. Enumerable.Range(0x81, 61).Select(static b => (byte)b)]);
        string[] fields = all.Split('|');
        Assert.Equal(61, fields.Length);
        Assert.Equal(
            (":authority: ", ":status: 500", "accept-encoding: gzip, deflate", "host: ", "www-authenticate: "),
            (fields[0], fields[13], fields[15], fields[37], fields[60]));
    }

    [Theory]
    [InlineData("20 82", ":method: GET")]
    [InlineData("3fe11f 82", ":method: GET")]
    [InlineData("20 3fe11f 82", ":method: GET")]
    [InlineData("20", "")]
    public void The_size_of_the_table_may_change_before_the_first_field(string block, string fields) =>
        Assert.Equal(fields, HpackText.Decode(new HpackDecoder(), HpackText.Bytes(block)));

    [Theory]
    [InlineData("82 20", "behind the first field")]
    [InlineData("20 82 3fe11f", "behind the first field")]
    [InlineData("20 20 20 82", "more than twice")]
    [InlineData("3fe21f", "4097")]
    [InlineData("3fe1ffffff07", "2^31-1")]
    [Trait("check", "H2-07")]
    public void The_size_of_the_table_changes_nowhere_else_not_often_and_not_past_the_limit(string block, string rule) =>
        Assert.Contains(rule, HpackText.Refuse(new HpackDecoder(), HpackText.Bytes(block)), StringComparison.Ordinal);

    [Fact]
    public void A_smaller_limit_has_to_be_taken_up_by_the_next_block()
    {
        var decoder = new HpackDecoder();
        decoder.SetLimit(100);
        Assert.Contains("acknowledged", HpackText.Refuse(decoder, [0x82]), StringComparison.Ordinal);
        Assert.Equal(":method: GET", HpackText.Decode(decoder, HpackText.Bytes("3f45 82")));
        Assert.Equal(":method: GET", HpackText.Decode(decoder, [0x82]));
        Assert.Contains("101", HpackText.Refuse(decoder, HpackText.Bytes("3f46")), StringComparison.Ordinal);
        decoder.SetLimit(4096);
        Assert.Equal(":method: GET", HpackText.Decode(decoder, [0x82]));
    }

    [Fact]
    public void A_smaller_table_drops_the_oldest_fields()
    {
        var decoder = new HpackDecoder();
        HpackText.Decode(decoder, HpackText.Bytes("400161 0131 400162 0132 400163 0133"));
        Assert.Equal("c: 3|b: 2|a: 1", HpackText.Decode(decoder, HpackText.Bytes("be bf c0")));
        Assert.Equal("c: 3|b: 2", HpackText.Decode(decoder, HpackText.Bytes("3f26 3f26 be bf"))); // 69: room for two
        Assert.Contains("index 64", HpackText.Refuse(decoder, [0xc0]), StringComparison.Ordinal);
        HpackText.Decode(decoder, [0x20]);
        Assert.Equal(0, decoder.TableSize);
    }

    [Fact]
    public void A_field_larger_than_the_table_empties_it_and_is_no_error()
    {
        var decoder = new HpackDecoder(100);
        byte[] large = [0x40, 1, (byte)'b', 80, .. Enumerable.Repeat((byte)'x', 80)];
        HpackText.Decode(decoder, HpackText.Bytes("400161 0131"));
        Assert.Equal("b: " + new string('x', 80), HpackText.Decode(decoder, large));
        Assert.Equal(0, decoder.TableSize);
    }

    [Fact]
    public void A_name_survives_that_the_field_which_borrows_it_is_what_drops_it()
    {
        var decoder = new HpackDecoder(80);
        HpackText.Decode(decoder, HpackText.Bytes("4003616263 0131")); // abc: 1
        byte[] next = [0x7e, 40, .. Enumerable.Repeat((byte)'y', 40)];
        Assert.Equal("abc: " + new string('y', 40), HpackText.Decode(decoder, next));
        Assert.Equal("abc: " + new string('y', 40), HpackText.Decode(decoder, [0xbe]));
    }

    [Fact]
    public void The_table_holds_as_many_fields_as_its_size_allows_and_the_memory_stays_bounded()
    {
        var decoder = new HpackDecoder();
        for (int i = 0; i < 10_000; i++)
            HpackText.Decode(decoder, [0x40, 0, 0]);
        Assert.Equal(4096, decoder.TableSize);
        Assert.Equal(": ", HpackText.Decode(decoder, [0xff, 61 + 128 - 127]));
        HpackText.Refuse(decoder, [0xff, 61 + 129 - 127]);
    }

    [Fact]
    public void Every_truncation_of_a_block_is_refused_unless_it_ends_with_a_field()
    {
        byte[] block = HpackText.Bytes(
            "20 3fe11f 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff be 1008 7061 7373 776f 7264 00");
        string all = HpackText.Decode(new HpackDecoder(), block);
        int whole = 0;
        for (int length = 0; length <= block.Length; length++)
        {
            try
            {
                string fields = HpackText.Decode(new HpackDecoder(), block.AsSpan(0, length));
                Assert.StartsWith(fields, all, StringComparison.Ordinal);
                whole++;
            }
            catch (Http2Exception e)
            {
                Assert.Equal(Http2ErrorCode.CompressionError, e.ErrorCode);
            }
        }

        // Of 54 lengths: none, after each of the two sizes, and after each of five fields.
        Assert.Equal(8, whole);
    }

    [Fact]
    public void Every_block_with_one_byte_changed_is_read_or_refused_and_nothing_else()
    {
        byte[] block = HpackText.Bytes("3fe11f 4882 6402 7f 84 be be 400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572 be 5885 aec3 771a 4b");
        for (int at = 0; at < block.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] changed = [.. block];
                changed[at] = (byte)value;
                try
                {
                    HpackText.Decode(new HpackDecoder(), changed);
                }
                catch (Http2Exception e)
                {
                    Assert.Equal(Http2ErrorCode.CompressionError, e.ErrorCode);
                }
            }
        }
    }
}
