using System.Buffers;
using System.Globalization;
using System.Text;
using Urllib4.TestKit;
using Urllib4.Tests.Managers;

namespace Urllib4.Tests.Connections;

/// <summary>How bodies get from the wire to the caller: every byte once, and with few receives.</summary>
public sealed class BodyFlowTests : ModeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static readonly RequestOptions _streamed = new() { PreloadContent = false };

    public static TheoryData<Mode, int, int> Chunks()
    {
        var rows = new TheoryData<Mode, int, int>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (int chunk in new[] { 1, 1000, 4096, 16 * 1024, 64 * 1024, 150_000 })
            {
                foreach (int buffer in new[] { 1, 999, 16 * 1024, 64 * 1024, 200_000 })
                    rows.Add(mode, chunk, buffer);
            }
        }

        return rows;
    }

    [Theory, MemberData(nameof(Chunks))]
    public async Task Every_byte_of_chunks_comes_once_and_in_order_whatever_the_buffer(Mode mode, int chunk, int buffer)
    {
        byte[] body = Body(Math.Min(170_001, 200 * Math.Min(buffer, 4 * chunk)));
        foreach (int piece in new[] { 997, 1_000_000 })
        {
            var peer = new ScriptedPeer(new Dialogue().ExpectRequest().SendInPieces(Chunked(body, chunk), piece).ExpectRequest().Send(Ok));

            Assert.Equal(body, await Read(mode, peer, buffer));
        }
    }

    [Theory]
    [InlineData(Mode.Blocking, "chunks")]
    [InlineData(Mode.Blocking, "length")]
    [InlineData(Mode.Blocking, "end")]
    [InlineData(Mode.Asynchronous, "chunks")]
    [InlineData(Mode.Asynchronous, "length")]
    [InlineData(Mode.Asynchronous, "end")]
    public async Task Small_chunks_and_small_reads_cost_no_receive_each(Mode mode, string framing)
    {
        byte[] body = Body(1_000_000);
        byte[] response = framing switch
        {
            "chunks" => Chunked(body, 4096),
            "length" => [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n"), .. body],
            _ => [.. "HTTP/1.1 200 OK\r\n\r\n"u8, .. body],
        };
        Dialogue dialogue = new Dialogue().ExpectRequest().Send(response);
        var peer = new ScriptedPeer(framing == "end" ? dialogue.Eof() : dialogue.ExpectRequest().Send(Ok));

        Assert.Equal(body, await Read(mode, peer, framing == "chunks" ? 200_000 : 1000, thenAgain: framing != "end"));

        Assert.InRange(peer.Reads, 1, 15);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Long_chunks_go_past_the_buffer(Mode mode)
    {
        byte[] body = Body(4_000_000);
        var peer = new ScriptedPeer(new Dialogue().ExpectRequest().Send(Chunked(body, 2_000_000)).ExpectRequest().Send(Ok));

        Assert.Equal(body, await Read(mode, peer, 1_000_000));

        Assert.InRange(peer.Reads, 1, 12);
    }

    private static async Task<byte[]> Read(Mode mode, ScriptedPeer peer, int length, bool thenAgain = true)
    {
        using var rig = new CallRig(() => peer.ClientEnd, peer.Time);
        UrllibResponse response = await rig.Send(mode, "GET", "/", _streamed);
        var all = new ArrayBufferWriter<byte>();
        byte[] buffer = new byte[length];
        while (await Call(mode, () => response.Read(buffer.AsSpan()), () => response.ReadAsync(buffer.AsMemory()).AsTask()) is > 0 and int count)
            all.Write(buffer.AsSpan(0, count));
        if (thenAgain)
            Assert.Equal("ok", (await rig.Send(mode, "GET", "/")).Text());
        peer.AssertFinished();
        return all.WrittenSpan.ToArray();
    }

    private static byte[] Body(int length)
    {
        byte[] body = new byte[length];
        new Random(length).NextBytes(body);
        return body;
    }

    private static byte[] Chunked(byte[] body, int length)
    {
        var response = new ArrayBufferWriter<byte>();
        response.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8);
        foreach (byte[] chunk in body.Chunk(length))
        {
            response.Write(Encoding.ASCII.GetBytes(chunk.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            response.Write(chunk);
            response.Write("\r\n"u8);
        }

        response.Write("0\r\n\r\n"u8);
        return response.WrittenSpan.ToArray();
    }
}
