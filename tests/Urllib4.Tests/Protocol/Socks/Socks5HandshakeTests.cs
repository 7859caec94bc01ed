using System.Buffers;
using System.Net;
using Urllib4.Primitives;
using Urllib4.Protocol.Socks;

namespace Urllib4.Tests.Protocol.Socks;

public sealed class Socks5HandshakeTests
{
    private const string ByIPv4 = "050000 01 00000000 0000";
    private const string NameRequest = "05010003" + "09612e6578616d706c65" + "01bb";
    private static readonly Credential _user = new("user", "pässword");

    public static TheoryData<string> Replies =>
    [
        ByIPv4,
        "050000 04 20010db8000000000000000000000001 01bb",
        "050000 03 03 612e62 01bb",
        "050000 03 00 01bb",
        "0500ff 01 7f000001 1f90",
        "050000 03 ff" + string.Concat(Enumerable.Repeat("61", 255)) + "01bb",
    ];

    [Fact]
    public void Without_credentials_only_no_authentication_is_offered() =>
        Assert.Equal(["050100", NameRequest], SocksPlay.Run(ForName(), ["0500", ByIPv4]));

    [Fact]
    public void With_credentials_both_methods_are_offered_and_the_proxy_chooses()
    {
        Assert.Equal(["05020002", NameRequest], SocksPlay.Run(ForName(_user), ["0500", ByIPv4]));
        Assert.Equal(
            ["05020002", "010475736572" + "0970c3a4" + "7373776f7264", NameRequest],
            SocksPlay.Run(ForName(_user), ["0502", "0100", ByIPv4]));
    }

    [Theory]
    [InlineData("192.0.2.7", "05010001" + "c0000207" + "0050")]
    [InlineData("2001:db8::1", "05010004" + "20010db8000000000000000000000001" + "0050")]
    [InlineData("::ffff:192.0.2.7", "05010004" + "00000000000000000000ffffc0000207" + "0050")]
    public void SK_02_addresses_are_sent_as_bytes_resolved_here_or_not(string address, string request)
    {
        var resolved = new Socks5Handshake(new IPEndPoint(IPAddress.Parse(address), 80));
        var literal = new Socks5Handshake(HostName.Parse(address), 80);

        Assert.Equal(request, SocksPlay.Run(resolved, ["0500", ByIPv4])[1]);
        Assert.Equal(request, SocksPlay.Run(literal, ["0500", ByIPv4])[1]);
    }

    [Fact]
    public void The_final_dot_of_a_name_is_not_for_the_proxy() =>
        Assert.Equal(NameRequest, SocksPlay.Run(new Socks5Handshake(HostName.Parse("A.example."), 443), ["0500", ByIPv4])[1]);

    [Theory, MemberData(nameof(Replies))]
    [Trait("check", "SK-02")]
    public void SK_02_a_reply_is_understood_in_pieces_of_any_size(string reply)
    {
        string[] whole = SocksPlay.Run(ForName(_user), ["0502", "0100", reply]);

        for (int piece = 1; piece <= SocksPlay.Hex(reply).Length; piece++)
            Assert.Equal(whole, SocksPlay.Run(ForName(_user), ["0502", "0100", reply], piece));
    }

    [Theory, MemberData(nameof(Replies))]
    [Trait("check", "SK-02")]
    public void SK_02_what_follows_the_reply_is_left_to_the_tunnel(string reply)
    {
        var handshake = ForName();
        var output = new ArrayBufferWriter<byte>();
        handshake.Receive(SocksPlay.Hex("0500"), out _, output);

        SocksStep step = handshake.Receive(SocksPlay.Hex(reply + "160301"), out int consumed, output);

        Assert.Equal((SocksStep.Done, SocksPlay.Hex(reply).Length), (step, consumed));
    }

    [Fact]
    public void A_message_that_comes_too_early_is_not_taken_with_the_one_before()
    {
        SocksStep step = ForName(_user).Receive(SocksPlay.Hex("0502 0100" + ByIPv4), out int consumed, new ArrayBufferWriter<byte>());

        Assert.Equal((SocksStep.SendMore, 2), (step, consumed));
    }

    [Theory]
    [InlineData(1, "code 1")]
    [InlineData(2, "rules do not allow")]
    [InlineData(3, "network is unreachable")]
    [InlineData(4, "host is unreachable")]
    [InlineData(5, "refused the connection")]
    [InlineData(6, "time to live")]
    [InlineData(7, "CONNECT")]
    [InlineData(8, "addresses of this type")]
    [InlineData(255, "unknown code 255")]
    [Trait("check", "SK-02")]
    public void SK_02_every_refusal_has_its_sentence_even_without_the_rest_of_it(int code, string sentence)
    {
        string message = SocksPlay.Refusal(ForName(), "0500", $"05{code:x2}").Message;

        Assert.Contains("a.example:443", message, StringComparison.Ordinal);
        Assert.Contains(sentence, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "05ff", "no credentials")]
    [InlineData(true, "05ff", "accepts neither")]
    [InlineData(false, "0502", "0x02, which was not offered")]
    [InlineData(true, "0501", "0x01, which was not offered")]
    [InlineData(false, "04", "begins with 0x04")]
    [InlineData(false, "48545450", "begins with 0x48")]
    [Trait("check", "SK-02")]
    public void SK_02_a_method_that_was_not_offered_is_refused(bool withUser, string reply, string sentence) =>
        Assert.Contains(sentence, SocksPlay.Refusal(ForName(withUser ? _user : null), reply).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0101", "refused the user name and password")]
    [InlineData("01ff", "refused the user name and password")]
    [InlineData("05", "begins with 0x05")]
    [Trait("check", "SK-02")]
    public void SK_02_a_refused_login_ends_it_and_shows_no_credentials(string reply, string sentence)
    {
        string message = SocksPlay.Refusal(ForName(_user), "0502", reply).ToString();

        Assert.Contains(sentence, message, StringComparison.Ordinal);
        Assert.DoesNotContain(_user.Password, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("01", "begins with 0x01")]
    [InlineData("050000 02 00", "unknown type 0x02")]
    [Trait("check", "SK-02")]
    public void SK_02_a_reply_with_another_version_or_address_type_is_refused(string reply, string sentence) =>
        Assert.Contains(sentence, SocksPlay.Refusal(ForName(), "0500", reply).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(256, 1)]
    [InlineData(1, 256)]
    [Trait("check", "SK-03")]
    public void SK_03_user_and_password_have_1_to_255_bytes(int user, int password) =>
        Assert.Throws<InvalidRequestException>(() => ForName(new Credential(new string('u', user), new string('p', password))));

    [Fact]
    [Trait("check", "SK-03")]
    public void SK_03_what_counts_are_the_bytes_of_UTF_8()
    {
        string half = new('ä', 127);

        Assert.Equal(2 + 255 + 1 + 254, SocksPlay.Run(ForName(new Credential(half + "a", half)), ["0502", "0100", ByIPv4])[1].Length / 2);
        Assert.Throws<InvalidRequestException>(() => ForName(new Credential(half + "ä", half)));
    }

    [Fact]
    [Trait("check", "SK-01")]
    public void SK_01_a_host_above_255_bytes_is_refused_and_not_cut()
    {
        string[] sent = SocksPlay.Run(new Socks5Handshake(HostName.Checked(new string('a', 255)), 80), ["0500", ByIPv4]);

        Assert.StartsWith("05010003ff61", sent[1], StringComparison.Ordinal);
        Assert.Throws<InvalidRequestException>(() => new Socks5Handshake(HostName.Checked(new string('a', 256)), 80));
    }

    private static Socks5Handshake ForName(Credential? credential = null) => new(HostName.Parse("a.example"), 443, credential);
}
