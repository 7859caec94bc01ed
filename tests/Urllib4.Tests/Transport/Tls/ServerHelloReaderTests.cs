using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Urllib4.Transport;

namespace Urllib4.Tests.Transport;

public sealed class ServerHelloReaderTests
{
    private const byte NewSessionTicket = 4, Certificate = 11;
    private static readonly byte[] ChangeCipherSpec = Record(20, [1]);
    private static readonly byte[] Encrypted = Record(23, new byte[50]);

    public static TheoryData<string, byte[], bool?> Handshakes => new()
    {
        { "1.3, anew", [.. Record(22, Hello(43)), .. ChangeCipherSpec, .. Encrypted], false },
        { "1.3, resumed", [.. Record(22, Hello(43, 51, 41)), .. ChangeCipherSpec, .. Encrypted], true },
        { "1.3, asked again, anew", [.. Record(22, Retry()), .. ChangeCipherSpec, .. Record(22, Hello(43, 51)), .. Encrypted], false },
        { "1.3, asked again, resumed", [.. Record(22, Retry()), .. ChangeCipherSpec, .. Record(22, Hello(41, 43)), .. Encrypted], true },
        { "1.2, anew", [.. Record(22, Hello(23)), .. Record(22, Message(Certificate, 300))], false },
        { "1.2, anew, one record", Record(22, [.. Hello(23), .. Message(Certificate, 300)]), false },
        { "1.2, resumed", [.. Record(22, Hello(23)), .. ChangeCipherSpec], true },
        { "1.2, resumed with a ticket", [.. Record(22, Hello(23)), .. Record(22, Message(NewSessionTicket, 100)), .. ChangeCipherSpec], true },
        { "1.2, without extensions", [.. Record(22, Hello()), .. ChangeCipherSpec], true },
        { "an alert", Record(21, [2, 70]), null },
        { "an alert after the hello", [.. Record(22, Hello(23)), .. Record(21, [2, 40])], null },
        { "not TLS", Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\n\r\n"), null },
        { "another message", Record(22, Message(Certificate, 40)), null },
        { "a hello that is too short", Record(22, [2, 0, 0, 3, 3, 3, 0]), null },
        { "an extension that is cut", Record(22, Cut(Hello(23))), null },
        { "an endless hello", Record(22, [2, 255, 255, 255, .. new byte[4000]]), null },
    };

    [Theory, MemberData(nameof(Handshakes), DisableDiscoveryEnumeration = true)]
    public void A_resumed_session_is_told_from_a_new_one_in_whatever_pieces_it_comes(string name, byte[] handshake, bool? isResumed)
    {
        foreach (int size in new[] { handshake.Length, 1, 3, 7 })
        {
            var reader = new ServerHelloReader();
            foreach (byte[] piece in handshake.Chunk(size))
                reader.Observe(piece);
            Assert.True(isResumed == reader.IsResumed, $"{name} in pieces of {size}: {reader.IsResumed}");
            reader.Observe([.. Record(22, Hello(43, 41)), .. Encrypted]);
            Assert.True(isResumed == reader.IsResumed || isResumed is null, $"{name} in pieces of {size} is not final");
        }
    }

    [Fact]
    public void A_hello_that_spans_records_is_not_guessed_at()
    {
        byte[] hello = Hello(43, 41);
        var reader = new ServerHelloReader();
        reader.Observe([.. Record(22, hello[..20]), .. Record(22, hello[20..]), .. Encrypted]);
        Assert.Null(reader.IsResumed);
    }

    [Fact]
    public void Noise_does_no_harm()
    {
        var random = new Random(4);
        for (int i = 0; i < 2000; i++)
        {
            byte[] noise = Record(22, Hello(43, 41, 23));
            for (int j = random.Next(1, 6); j > 0; j--)
                noise[random.Next(noise.Length)] = (byte)random.Next(256);
            var reader = new ServerHelloReader();
            reader.Observe(noise.AsSpan(0, random.Next(noise.Length + 1)));
            reader.Observe(noise);
        }
    }

    private static byte[] Hello(params int[] extensions) => Hello(new byte[32], extensions);

    private static byte[] Retry() => Hello(SHA256.HashData("HelloRetryRequest"u8), 43, 51);

    private static byte[] Hello(byte[] random, params int[] extensions)
    {
        byte[] body = [3, 3, .. random, 8, .. new byte[8], 0x13, 0x01, 0];
        if (extensions.Length > 0)
            body = [.. body, 0, (byte)(extensions.Length * 6), .. extensions.SelectMany(static e => new byte[] { 0, (byte)e, 0, 2, 3, 4 })];
        return [2, 0, 0, (byte)body.Length, .. body];
    }

    private static byte[] Cut(byte[] hello) => [.. hello[..^3], 0xFF, 0xFF, 0xFF];

    private static byte[] Message(byte type, int length) => [type, 0, (byte)(length >> 8), (byte)length, .. new byte[length]];

    private static byte[] Record(byte type, byte[] content)
    {
        byte[] record = [type, 3, 3, 0, 0, .. content];
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), (ushort)content.Length);
        return record;
    }
}
