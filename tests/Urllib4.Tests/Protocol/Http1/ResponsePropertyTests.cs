using System.Text;

namespace Urllib4.Tests.Protocol.Http1;

/// <summary>Whatever bytes arrive, in whatever parts: one meaning, or one of the errors of a peer, and nothing else.</summary>
public class ResponsePropertyTests
{
    private static readonly string[] _parts =
    [
        "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 E\r\n\r\n", "HTTP/1.0 200\r\n", "HTTP/1.1 204 N\r\n", "HTTP/1.1 101 S\r\n",
        "Content-Length: 5\r\n", "Content-Length: 5, 5\r\n", "Content-Length: 6\r\n", "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n", "A: b\r\n", " fold\r\n", "A: \u00ff\r\n", "Bad\r\n", ": x\r\n", "Upgrade: x\r\n",
        "\r\n", "\r\n", "\r\n", "\n", "\r", "\0", "hello",
        "5\r\nhello\r\n", "5;e=\"1\"\r\nhello\r\n", "1\r\nx\r\n", "0\r\n", "0\r\n\r\n", "g\r\n", "x",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_well_formed_response_means_the_same_in_whatever_parts_it_comes(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 40; i++)
        {
            string body = new('x', random.Next(0, 60));
            bool chunked = random.Next(2) == 0;
            string framed = chunked
                ? $"Transfer-Encoding: chunked\r\n\r\n{Chunks(body, random)}0\r\n\r\n"
                : $"Content-Length: {body.Length}\r\n\r\n{body}";
            Played played = Http1Player.Play($"{(i % 3 == 0 ? "HTTP/1.1 103 E\r\n\r\n" : "")}HTTP/1.1 200 OK\r\nServer: x\r\n{framed}");
            Assert.Equal((body, true, true, null), (played.Body, played.Complete, played.CanReuse, played.Error));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_row_of_parts_is_understood_in_one_way_or_refused(int seed)
    {
        var random = new Random(seed);
        var limits = new HttpLimits { MaxHeaderBytes = 120, MaxHeaderLines = 6, MaxTrailerBytes = 20 };
        string[] methods = ["GET", "HEAD", "CONNECT"];
        for (int i = 0; i < 300; i++)
        {
            var wire = new StringBuilder(_parts[random.Next(5)]);
            for (int count = random.Next(1, 10); count > 0; count--)
                wire.Append(_parts[random.Next(_parts.Length)]);
            Http1Player.Play(wire.ToString(), methods[random.Next(3)], (WireEnd)random.Next(3), limits);
        }
    }

    private static string Chunks(string body, Random random)
    {
        var chunks = new StringBuilder();
        for (int at = 0; at < body.Length;)
        {
            int length = Math.Min(body.Length - at, random.Next(1, 20));
            chunks.Append($"{length:x}{(random.Next(3) == 0 ? ";e=\"\\\"\"" : "")}\r\n{body.AsSpan(at, length)}\r\n");
            at += length;
        }

        return chunks.ToString();
    }
}
