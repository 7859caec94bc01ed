using System.Buffers;
using Urllib4.Protocol.Socks;

namespace Urllib4.Tests.Protocol.Socks;

/// <summary>Plays a proxy's messages to a handshake, in pieces of any size, and keeps what each message was answered with.</summary>
internal static class SocksPlay
{
    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    public static string Greeting(SocksHandshake handshake)
    {
        var output = new ArrayBufferWriter<byte>();
        handshake.Begin(output);
        return Spell(output.WrittenSpan);
    }

    /// <summary>The messages this side sends, the first included; the handshake has to end with the proxy's last one.</summary>
    public static string[] Run(SocksHandshake handshake, string[] messages, int piece = int.MaxValue)
    {
        List<string> sent = [Greeting(handshake)];
        foreach (string message in messages)
        {
            var output = new ArrayBufferWriter<byte>();
            bool last = ReferenceEquals(message, messages[^1]);
            Assert.Equal(last ? SocksStep.Done : SocksStep.SendMore, Play(handshake, Hex(message), piece, output));
            if (!last)
                sent.Add(Spell(output.WrittenSpan));
            else
                Assert.Equal(0, output.WrittenCount);
        }

        return [.. sent];
    }

    /// <summary>What the last message ends in, after the others were taken.</summary>
    public static ProxyException Refusal(SocksHandshake handshake, params string[] messages)
    {
        _ = Greeting(handshake);
        var output = new ArrayBufferWriter<byte>();
        foreach (string message in messages[..^1])
            Assert.Equal(SocksStep.SendMore, handshake.Receive(Hex(message), out _, output));
        return Assert.Throws<ProxyException>(() => handshake.Receive(Hex(messages[^1]), out _, output));
    }

    private static SocksStep Play(SocksHandshake handshake, ReadOnlySpan<byte> message, int piece, ArrayBufferWriter<byte> output)
    {
        for (int shown = Math.Min(piece, message.Length); ; shown = (int)Math.Min((long)shown + piece, message.Length))
        {
            SocksStep step = handshake.Receive(message[..shown], out int consumed, output);
            Assert.Equal(step is SocksStep.NeedMore ? 0 : message.Length, consumed);
            if (step is not SocksStep.NeedMore)
                return step;
            Assert.True(shown < message.Length, "The whole message was not enough.");
        }
    }

    private static string Spell(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
