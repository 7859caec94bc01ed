using Urllib4.Protocol.Hpack;

namespace Urllib4.Tests.Protocol.Hpack;

public class HpackIntegerTests
{
    [Theory]
    [InlineData(10, 5, "0a")]
    [InlineData(1337, 5, "1f9a0a")]
    [InlineData(42, 8, "2a")]
    [InlineData(30, 5, "1e")]
    [InlineData(31, 5, "1f00")]
    [InlineData(158, 5, "1f7f")]
    [InlineData(159, 5, "1f8001")]
    [InlineData(255, 8, "ff00")]
    [InlineData(0, 1, "00")]
    [InlineData(1, 1, "0100")]
    [InlineData(int.MaxValue, 8, "ff80feffff07")]
    public void A_number_reads_as_it_was_written(int number, int prefix, string hex)
    {
        byte[] output = new byte[HpackInteger.MaxLength];
        int length = HpackInteger.Write(number, prefix, 0, output);
        Assert.Equal(HpackText.Bytes(hex), output[..length]);
        Assert.Equal((number, 1), Read(hex + "aa", prefix));
    }

    [Fact]
    public void Every_number_near_a_power_of_two_survives_every_prefix()
    {
        byte[] output = new byte[HpackInteger.MaxLength];
        for (int prefix = 1; prefix <= 8; prefix++)
        {
            for (long power = 1; power <= 1L << 31; power <<= 1)
            {
                for (long number = Math.Max(0, power - 3); number <= Math.Min(int.MaxValue, power + 3); number++)
                {
                    int length = HpackInteger.Write((int)number, prefix, 0, output);
                    ReadOnlySpan<byte> input = output.AsSpan(0, length);
                    Assert.Equal(number, HpackInteger.Read(ref input, prefix));
                    Assert.True(input.IsEmpty);
                }
            }
        }
    }

    [Theory]
    [InlineData(5, "1f80808000")]
    [InlineData(7, "7f8000")]
    public void Zeros_behind_a_number_change_nothing(int prefix, string hex) => Assert.Equal(((1 << prefix) - 1, 0), Read(hex, prefix));

    [Theory]
    [InlineData("")]
    [InlineData("1f")]
    [InlineData("1f80")]
    [InlineData("1fffffffff")]
    [Trait("check", "H2-08")]
    public void A_number_that_is_cut_short_is_refused(string hex) =>
        Assert.Contains("within an integer", Assert.Throws<Http2Exception>(() => Read(hex, 5)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(5, "1fe1ffffff07")]
    [InlineData(8, "ff81feffff07")]
    [InlineData(5, "1fffffffff7f")]
    [InlineData(5, "1f808080808000")]
    [InlineData(5, "1fffffffffffffffffffff7f")]
    [Trait("check", "H2-08")]
    public void A_number_past_31_bits_is_refused_and_does_not_wrap(int prefix, string hex) =>
        Assert.Contains("2^31-1", Assert.Throws<Http2Exception>(() => Read(hex, prefix)).Message, StringComparison.Ordinal);

    private static (int Number, int Left) Read(string hex, int prefix)
    {
        ReadOnlySpan<byte> input = HpackText.Bytes(hex);
        int number = HpackInteger.Read(ref input, prefix);
        return (number, input.Length);
    }
}
