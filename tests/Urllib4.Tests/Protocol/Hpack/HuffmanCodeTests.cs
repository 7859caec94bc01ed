using System.Text;
using Urllib4.Protocol.Hpack;

namespace Urllib4.Tests.Protocol.Hpack;

public class HuffmanCodeTests
{
    // Some codes of each length, as RFC 7541, appendix B prints them.
    [Theory]
    [InlineData(48, "00000")]
    [InlineData(116, "01001")]
    [InlineData(32, "010100")]
    [InlineData(117, "101101")]
    [InlineData(58, "1011100")]
    [InlineData(122, "1111011")]
    [InlineData(38, "11111000")]
    [InlineData(90, "11111101")]
    [InlineData(33, "1111111000")]
    [InlineData(63, "1111111100")]
    [InlineData(39, "11111111010")]
    [InlineData(35, "111111111010")]
    [InlineData(62, "111111111011")]
    [InlineData(0, "1111111111000")]
    [InlineData(126, "1111111111101")]
    [InlineData(94, "11111111111100")]
    [InlineData(60, "111111111111100")]
    [InlineData(123, "111111111111110")]
    [InlineData(92, "1111111111111110000")]
    [InlineData(208, "1111111111111110010")]
    [InlineData(128, "11111111111111100110")]
    [InlineData(153, "111111111111111011100")]
    [InlineData(129, "1111111111111111010010")]
    [InlineData(1, "11111111111111111011000")]
    [InlineData(9, "111111111111111111101010")]
    [InlineData(199, "1111111111111111111101100")]
    [InlineData(192, "11111111111111111111100000")]
    [InlineData(203, "111111111111111111111011110")]
    [InlineData(2, "1111111111111111111111100010")]
    [InlineData(249, "1111111111111111111111111110")]
    [InlineData(10, "111111111111111111111111111100")]
    [InlineData(22, "111111111111111111111111111110")]
    public void A_symbol_has_the_code_of_appendix_B(int symbol, string bits)
    {
        byte[] output = new byte[4];
        int length = HuffmanCode.Encode([(char)symbol], output);
        string written = string.Concat(output[..length].Select(static b => b.ToString("b8")));
        Assert.Equal(bits.PadRight(length * 8, '1'), written);
        Assert.Equal((bits.Length + 7) / 8, length);
    }

    [Fact]
    public void Every_pair_of_bytes_reads_as_it_was_written()
    {
        byte[] code = new byte[8];
        byte[] text = new byte[HuffmanCode.MaxDecodedLength(8)];
        for (int first = 0; first < 256; first++)
        {
            for (int second = 0; second < 256; second++)
            {
                int length = HuffmanCode.Encode([(char)first, (char)second], code);
                Assert.Equal(HuffmanCode.EncodedLength([(char)first, (char)second]), length);
                Assert.Equal(2, HuffmanCode.Decode(code.AsSpan(0, length), text));
                Assert.Equal((first, second), (text[0], text[1]));
            }
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("f1e3c2e5f23a6ba0ab90f4ff", "www.example.com")]
    [InlineData("a8eb10649cbf", "no-cache")]
    [InlineData("07", "0")]
    public void A_string_reads_as_it_was_meant(string hex, string text) => Assert.Equal(text, Decode(hex));

    [Theory]
    [InlineData("ff")]
    [InlineData("ffff")]
    [InlineData("07ff")]
    [InlineData("a8eb10649cbfff")]
    [InlineData("00")]
    [InlineData("06")]
    [InlineData("a8eb10649cbe")]
    [InlineData("a8eb10649c")]
    [InlineData("fe")]
    [Trait("check", "H2-08")]
    public void Padding_that_is_not_up_to_seven_ones_is_refused(string hex) =>
        Assert.Contains("padding", Assert.Throws<Http2Exception>(() => Decode(hex)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("fffffffc")]
    [InlineData("ffffffff")]
    [InlineData("07ffffffff")]
    [InlineData("fffffffc07")]
    [Trait("check", "H2-08")]
    public void The_end_symbol_is_refused(string hex) =>
        Assert.Contains("end symbol", Assert.Throws<Http2Exception>(() => Decode(hex)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_bytes_are_read_or_refused_and_fit_the_room_foretold(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] code = new byte[random.Next(0, 12)];
            random.NextBytes(code);
            try
            {
                HuffmanCode.Decode(code, new byte[HuffmanCode.MaxDecodedLength(code.Length)]);
            }
            catch (Http2Exception)
            {
            }
        }
    }

    private static string Decode(string hex)
    {
        byte[] code = HpackText.Bytes(hex);
        byte[] text = new byte[HuffmanCode.MaxDecodedLength(code.Length)];
        return Encoding.Latin1.GetString(text, 0, HuffmanCode.Decode(code, text));
    }
}
