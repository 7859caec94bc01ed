using System.Buffers;
using System.Net;
using Urllib4.Primitives;
using Urllib4.Protocol.Socks;

namespace Urllib4.Tests.Protocol.Socks;

public sealed class Socks4HandshakeTests
{
    private const string Granted = "005a 0000 00000000";

    [Fact]
    public void An_address_is_sent_as_such_with_the_user_id_behind_it() =>
        Assert.Equal("04010050c000020775736572" + "00", SocksPlay.Greeting(new Socks4Handshake(Address("192.0.2.7", 80), "user")));

    [Fact]
    public void A_name_goes_to_the_proxy_behind_an_address_that_cannot_be() =>
        Assert.Equal("040101bb00000001" + "00" + "612e6578616d706c65" + "00", SocksPlay.Greeting(ForName("a.example.", 443)));

    [Fact]
    public void An_address_in_place_of_a_name_is_not_sent_as_a_name() =>
        Assert.Equal("040101bbc000020700", SocksPlay.Greeting(ForName("192.0.2.7", 443)));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_reply_is_understood_in_pieces_of_any_size(int piece) =>
        Assert.Single(SocksPlay.Run(ForName("a.example", 80), [Granted], piece));

    [Fact]
    public void What_follows_the_reply_is_left_to_the_tunnel()
    {
        var handshake = ForName("a.example", 80);

        SocksStep step = handshake.Receive(SocksPlay.Hex(Granted + "16 03"), out int consumed, new ArrayBufferWriter<byte>());

        Assert.Equal((SocksStep.Done, 8), (step, consumed));
    }

    [Theory]
    [InlineData("005b", "rejected")]
    [InlineData("005c", "could not ask the identd")]
    [InlineData("005d", "another user")]
    [InlineData("0000", "unknown code 0x00")]
    [InlineData("04", "begins with 0x04")]
    [InlineData("48", "begins with 0x48")]
    public void Every_refusal_has_its_sentence(string reply, string sentence)
    {
        string message = SocksPlay.Refusal(ForName("a.example", 80), reply).Message;

        Assert.Contains("a.example:80", message, StringComparison.Ordinal);
        Assert.Contains(sentence, message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("check", "SK-04")]
    [InlineData("us\0er")]
    [InlineData("\0")]
    public void SK_04_a_user_id_with_a_NUL_is_refused(string user) =>
        Assert.Throws<InvalidRequestException>(() => ForName("a.example", 80, user));

    [Fact]
    [Trait("check", "SK-04")]
    public void SK_04_a_host_with_a_NUL_is_refused() =>
        Assert.Throws<InvalidRequestException>(() => new Socks4Handshake(HostName.Checked("a\0.example"), 80));

    [Fact]
    [Trait("check", "SK-01")]
    public void SK_01_a_host_or_user_above_255_bytes_is_refused_and_not_cut()
    {
        _ = new Socks4Handshake(HostName.Checked(new string('a', 255)), 80, new string('u', 255));

        Assert.Throws<InvalidRequestException>(() => new Socks4Handshake(HostName.Checked(new string('a', 256)), 80));
        Assert.Throws<InvalidRequestException>(() => ForName("a.example", 80, new string('u', 256)));
    }

    [Fact]
    [Trait("check", "SK-04")]
    public void SK_04_what_is_not_IPv4_is_refused()
    {
        Assert.Throws<InvalidRequestException>(() => new Socks4Handshake(Address("::1", 80)));
        Assert.Throws<InvalidRequestException>(() => ForName("::1", 80));
    }

    [Fact]
    public void An_address_that_would_announce_a_name_is_refused()
    {
        _ = new Socks4Handshake(Address("0.0.0.0", 80));

        Assert.Throws<InvalidRequestException>(() => new Socks4Handshake(Address("0.0.0.5", 80)));
    }

    private static IPEndPoint Address(string address, int port) => new(IPAddress.Parse(address), port);

    private static Socks4Handshake ForName(string host, int port, string user = "") => new(HostName.Parse(host), port, user);
}
