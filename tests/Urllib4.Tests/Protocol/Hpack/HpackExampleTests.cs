using Urllib4.Protocol.Hpack;

namespace Urllib4.Tests.Protocol.Hpack;

/// <summary>Every example of RFC 7541, appendix C, both ways.</summary>
public class HpackExampleTests
{
    private const string Date1 = "date: Mon, 21 Oct 2013 20:13:21 GMT";
    private const string Date2 = "date: Mon, 21 Oct 2013 20:13:22 GMT";
    private const string Site = "location: https://www.example.com";
    private const string Cookie = "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
    private const string Get = ":method: GET|:scheme: http|:path: /|:authority: www.example.com";
    private const string Custom = ":method: GET|:scheme: https|:path: /index.html|:authority: www.example.com|custom-key: custom-value";

    [Theory]
    [InlineData("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "custom-key: custom-header", FieldIndexing.Indexed, 55)]
    [InlineData("040c 2f73 616d 706c 652f 7061 7468", ":path: /sample/path", FieldIndexing.NotIndexed, 0)]
    [InlineData("1008 7061 7373 776f 7264 0673 6563 7265 74", "password: secret", FieldIndexing.NeverIndexed, 0)]
    [InlineData("82", ":method: GET", FieldIndexing.Indexed, 0)]
    internal void Each_way_to_write_a_field_is_as_in_C_2(string block, string field, FieldIndexing indexing, int tableSize)
    {
        var decoder = new HpackDecoder();
        var encoder = new HpackEncoder(usesHuffman: false);
        Assert.Equal(field, HpackText.Decode(decoder, HpackText.Bytes(block)));
        Assert.Equal(HpackText.Bytes(block), HpackText.Encode(encoder, field, indexing));
        Assert.Equal((tableSize, tableSize), (decoder.TableSize, encoder.TableSize));
    }

    [Fact]
    public void Requests_without_the_Huffman_code_are_as_in_C_3() => AssertConnection(
        huffman: false,
        4096,
        ("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", Get, 57),
        ("8286 84be 5808 6e6f 2d63 6163 6865", Get + "|cache-control: no-cache", 110),
        ("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65", Custom, 164));

    [Fact]
    public void Requests_with_the_Huffman_code_are_as_in_C_4() => AssertConnection(
        huffman: true,
        4096,
        ("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", Get, 57),
        ("8286 84be 5886 a8eb 1064 9cbf", Get + "|cache-control: no-cache", 110),
        ("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", Custom, 164));

    [Fact]
    public void Responses_without_the_Huffman_code_are_as_in_C_5() => AssertConnection(
        huffman: false,
        256,
        ("4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e"
            + "1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", $":status: 302|cache-control: private|{Date1}|{Site}", 222),
        ("4803 3330 37c1 c0bf", $":status: 307|cache-control: private|{Date1}|{Site}", 222),
        ("88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d"
            + "4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572"
            + "7369 6f6e 3d31", $":status: 200|cache-control: private|{Date2}|{Site}|content-encoding: gzip|{Cookie}", 215));

    [Fact]
    public void Responses_with_the_Huffman_code_are_as_in_C_6() => AssertConnection(
        huffman: true,
        256,
        ("4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b"
            + "97c8 e9ae 82ae 43d3", $":status: 302|cache-control: private|{Date1}|{Site}", 222),
        ("4883 640e ffc1 c0bf", $":status: 307|cache-control: private|{Date1}|{Site}", 222),
        ("88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf"
            + "cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
            $":status: 200|cache-control: private|{Date2}|{Site}|content-encoding: gzip|{Cookie}", 215));

    private static void AssertConnection(bool huffman, int tableSize, params (string Block, string Fields, int TableSize)[] blocks)
    {
        var decoder = new HpackDecoder(tableSize);
        var encoder = new HpackEncoder(huffman);
        encoder.SetLimit((uint)tableSize);
        encoder.Start(new byte[8]); // the examples take the size of the table for agreed upon
        foreach ((string block, string fields, int size) in blocks)
        {
            Assert.Equal(fields, HpackText.Decode(decoder, HpackText.Bytes(block)));
            Assert.Equal(Convert.ToHexString(HpackText.Bytes(block)), Convert.ToHexString(HpackText.Encode(encoder, fields)));
            Assert.Equal((size, size), (decoder.TableSize, encoder.TableSize));
        }
    }
}
