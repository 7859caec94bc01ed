using System.Net;
using System.Net.Sockets;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

public sealed class IpLiteralTests
{
    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("1.2.3", false)]
    [InlineData("1.2.3.4.5", false)]
    [InlineData("1.2.3.256", false)]
    [InlineData("1.2.3.04", false)]
    [InlineData("1.2.3.4.", false)]
    [InlineData(".1.2.3.4", false)]
    [InlineData("1..2.3", false)]
    [InlineData("1.2.3.1000", false)]
    [InlineData("1.2.3.0x4", false)]
    [InlineData("1.2.3.４", false)]
    [InlineData("", false)]
    public void Ipv4_is_four_plain_numbers(string text, bool valid) => Assert.Equal(valid, IpLiteral.IsIPv4(text));

    [Fact]
    public void An_IPv4_address_is_one_number_that_begins_with_the_first_of_the_four()
    {
        Assert.True(IpLiteral.TryReadIPv4("192.0.2.1", out uint address));
        Assert.Equal(0xC0000201, address);
    }

    [Theory]
    [InlineData("::", true)]
    [InlineData("::1", true)]
    [InlineData("1::", true)]
    [InlineData("1:2:3:4:5:6:7:8", true)]
    [InlineData("1:2:3:4:5:6:7::", true)]
    [InlineData("::2:3:4:5:6:7:8", true)]
    [InlineData("1:2:3:4:5:6:1.2.3.4", true)]
    [InlineData("::1.2.3.4", true)]
    [InlineData("::ffff:1.2.3.4", true)]
    [InlineData("1:2:3:4:5:6:7:8::", false)]
    [InlineData("1:2:3:4:5:6:7", false)]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4", false)]
    [InlineData("1:2:3:4:5:1.2.3.4", false)]
    [InlineData("::1.2.3.4:5", false)]
    [InlineData("1::2::3", false)]
    [InlineData(":::", false)]
    [InlineData("1:::2", false)]
    [InlineData(":1", false)]
    [InlineData("1:", false)]
    [InlineData("::12345", false)]
    [InlineData("::g", false)]
    [InlineData("1.2.3.4", false)]
    [InlineData("", false)]
    [InlineData(":", false)]
    [InlineData("::1/64", false)]
    [InlineData("::1 ", false)]
    public void Ipv6_is_the_grammar_of_the_rfc(string text, bool valid) => Assert.Equal(valid, IpLiteral.IsIPv6(text));

    [Fact]
    public void What_is_accepted_the_platform_reads_too()
    {
        string[] pieces = [":", "::", "0", "1", "ffff", ":a:", "1.2.3.4", "1:2:3:4:5"];
        var random = new Random(4);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (int count = random.Next(1, 8); count > 0; count--)
            {
                text.Append(pieces[random.Next(pieces.Length)]);
            }

            if (IpLiteral.IsIPv6(text.ToString()))
            {
                accepted++;
                Assert.True(IPAddress.TryParse(text.ToString(), out IPAddress? address), text.ToString());
                Assert.Equal(AddressFamily.InterNetworkV6, address.AddressFamily);
            }
        }

        Assert.True(accepted > 500);
    }
}
