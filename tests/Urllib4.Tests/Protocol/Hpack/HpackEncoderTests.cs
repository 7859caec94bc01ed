using System.Text;
using Urllib4.Protocol.Hpack;

namespace Urllib4.Tests.Protocol.Hpack;

public class HpackEncoderTests
{
    [Theory]
    [InlineData("authorization: Basic YWJj")]
    [InlineData("cookie: a=b")]
    [InlineData("x-key: 1")]
    [InlineData(":method: GET")]
    public void A_secret_is_written_in_full_each_time_and_marked_for_those_on_the_way(string field)
    {
        var encoder = new HpackEncoder();
        byte[] first = HpackText.Encode(encoder, field, FieldIndexing.NeverIndexed);
        Assert.Equal(0x10, first[0] & 0xf0);
        Assert.Equal(first, HpackText.Encode(encoder, field, FieldIndexing.NeverIndexed));
        Assert.Equal(0, encoder.TableSize);
        Assert.Equal(field, HpackText.Decode(new HpackDecoder(), first));
    }

    [Fact]
    public void A_repeated_field_takes_one_byte()
    {
        var encoder = new HpackEncoder();
        HpackText.Encode(encoder, "user-agent: urllib4");
        Assert.Equal([0xbe], HpackText.Encode(encoder, "User-Agent: urllib4"));
    }

    [Fact]
    public void A_name_is_written_in_lower_case_however_long_it_is()
    {
        string name = new('A', 300);
        Assert.Equal($"{name.ToLowerInvariant()}: V", HpackText.Decode(new HpackDecoder(), HpackText.Encode(new HpackEncoder(), $"{name}: V")));
    }

    [Theory]
    [InlineData(0u, "20")]
    [InlineData(100u, "3f45")]
    [InlineData(4095u, "3fe01f")]
    [InlineData(4096u, "")]
    [InlineData(65_536u, "")]
    [InlineData(uint.MaxValue, "")]
    [Trait("check", "H2-06")]
    public void The_next_block_says_what_was_made_of_the_peers_limit(uint limit, string update)
    {
        var encoder = new HpackEncoder();
        encoder.SetLimit(limit);
        Assert.Equal(HpackText.Bytes(update), HpackText.Encode(encoder, ""));
        Assert.Empty(HpackText.Encode(encoder, ""));
    }

    [Fact]
    public void A_limit_that_was_lower_in_between_is_said_too()
    {
        var encoder = new HpackEncoder();
        var decoder = new HpackDecoder();
        HpackText.Decode(decoder, HpackText.Encode(encoder, "a: 1|b: 2"));
        encoder.SetLimit(40);
        encoder.SetLimit(4096);
        byte[] block = HpackText.Encode(encoder, "b: 2|a: 1");
        Assert.StartsWith("3F093FE11F", Convert.ToHexString(block), StringComparison.Ordinal);
        Assert.Equal("b: 2|a: 1", HpackText.Decode(decoder, block));
        Assert.Equal(decoder.TableSize, encoder.TableSize);
    }

    [Fact]
    public void A_peer_without_a_table_gets_literals()
    {
        var encoder = new HpackEncoder();
        encoder.SetLimit(0);
        HpackText.Encode(encoder, "a: 1");
        var decoder = new HpackDecoder(0);
        Assert.Equal("a: 1|:method: GET", HpackText.Decode(decoder, HpackText.Encode(encoder, "a: 1|:method: GET")));
        Assert.Equal((0, 0), (encoder.TableSize, decoder.TableSize));
    }

    [Fact]
    public void A_field_larger_than_the_table_drops_nothing()
    {
        var encoder = new HpackEncoder();
        HpackText.Encode(encoder, "a: 1");
        HpackText.Encode(encoder, $"b: {new string('x', 5000)}");
        Assert.Equal([0xbe], HpackText.Encode(encoder, "a: 1"));
    }

    [Fact]
    public void What_a_block_needs_at_most_is_foretold()
    {
        var encoder = new HpackEncoder(usesHuffman: false);
        encoder.SetLimit(10);
        encoder.SetLimit(4000);
        string value = new('\u00ff', 3000);
        byte[] output = new byte[HpackEncoder.MaxLength(2, 3000 + 3000 + 2)];
        int length = encoder.Start(output);
        length += encoder.Encode("a", value, FieldIndexing.Indexed, output.AsSpan(length));
        length += encoder.Encode("b", value, FieldIndexing.NeverIndexed, output.AsSpan(length));
        Assert.InRange(length, 6000, output.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_row_of_blocks_reads_as_it_was_written_and_the_tables_stay_in_step(int seed)
    {
        var random = new Random(seed);
        int limit = random.Next(0, 2) == 0 ? 4096 : random.Next(0, 300);
        var encoder = new HpackEncoder(random.Next(2) == 0);
        var decoder = new HpackDecoder();
        encoder.SetLimit((uint)limit);
        for (int i = 0; i < 400; i++)
        {
            if (random.Next(20) == 0)
                encoder.SetLimit((uint)random.Next(0, 5000));
            var fields = new StringBuilder();
            for (int count = random.Next(0, 12); count > 0; count--)
                fields.Append(fields.Length == 0 ? "" : "|").Append(Field(random));
            var indexing = (FieldIndexing)random.Next(3);
            Assert.Equal(fields.ToString(), HpackText.Decode(decoder, HpackText.Encode(encoder, fields.ToString(), indexing)));
            Assert.Equal(encoder.TableSize, decoder.TableSize);
        }
    }

    private static string Field(Random random)
    {
        string[] names = [":path", ":status", "accept", "cookie", "x-a", "x-b", "abcdefgh", "a"];
        var value = new StringBuilder();
        int length = random.Next(4) == 0 ? random.Next(0, 400) : random.Next(0, 4);
        for (; length > 0; length--)
            value.Append((char)(random.Next(3) == 0 ? random.Next(0x21, 0x100) : random.Next('a', 'f')));
        return $"{names[random.Next(names.Length)]}: {value.Replace("|", "")}";
    }
}
