using System.Globalization;
using System.Text;

namespace Urllib4.Benchmarks;

/// <summary>What the <see cref="Responder"/> answers: a head, a block sent so many times over, and an end.</summary>
internal sealed record Answer(byte[] Head, byte[] Block, long Blocks = 0, byte[]? End = null);

/// <summary>The answers by path, each built once.</summary>
internal static class Answers
{
    private const int BlockLength = 1024 * 1024;

    private static readonly Dictionary<string, Answer> _all = new()
    {
        [Workload.Small.Path] = Small([]),
        [Workload.ManyHeaders.Path] = Small([.. Enumerable.Range(0, 50).Select(i => $"X-Field-Number-{i}: the value of field {i}")]),
        [Workload.Upload(1).Path] = Small([]),
        [Workload.Gzip.Path] = Compressed("gzip", CompressedText.AsGzip),
        [Workload.Brotli.Path] = Compressed("br", CompressedText.AsBrotli),
    };

    /// <summary>The answer for a path: one of the fixed ones, <c>/length/total</c>, or <c>/chunked/length/total</c>.</summary>
    public static Answer For(string path)
    {
        lock (_all)
        {
            if (!_all.TryGetValue(path, out Answer? answer))
                _all[path] = answer = Create(path.Split('/'));
            return answer;
        }
    }

    private static Answer Create(string[] parts) => parts switch
    {
        ["", "length", var total] => Counted(Number(total)),
        ["", "chunked", var length, var total] => Chunked((int)Number(length), Number(total)),
        _ => throw new InvalidDataException($"Nothing is at {string.Join('/', parts)}."),
    };

    private static Answer Small(string[] more)
    {
        byte[] head = Encoding.ASCII.GetBytes(HeadText($"Content-Length: {Responder.Body.Length}", more) + Responder.Body);
        return new Answer(head, []);
    }

    private static Answer Compressed(string coding, Func<byte[]> create)
    {
        byte[] body = create();
        return new Answer(Head($"Content-Length: {body.Length}", $"Content-Encoding: {coding}"), body, 1);
    }

    private static Answer Counted(long total) => new(Head($"Content-Length: {total}"), new byte[BlockLength], total / BlockLength);

    private static Answer Chunked(int length, long total)
    {
        byte[] chunk = [.. Encoding.ASCII.GetBytes($"{length:x}\r\n"), .. new byte[length], .. "\r\n"u8];
        byte[] block = [.. Enumerable.Repeat(chunk, BlockLength / length).SelectMany(one => one)];
        return new Answer(Head("Transfer-Encoding: chunked"), block, total / BlockLength, "0\r\n\r\n"u8.ToArray());
    }

    private static byte[] Head(string framing, params string[] more) => Encoding.ASCII.GetBytes(HeadText(framing, more));

    private static string HeadText(string framing, string[] more) => string.Join("\r\n", (string[])[
        "HTTP/1.1 200 OK",
        "Server: responder/1.0",
        "Date: Mon, 05 Jan 2026 10:00:00 GMT",
        "Content-Type: application/json",
        framing,
        "Last-Modified: Sun, 04 Jan 2026 10:00:00 GMT",
        "Connection: keep-alive",
        "ETag: \"695a3a40-96\"",
        .. more,
        "Cache-Control: max-age=60",
        "X-Content-Type-Options: nosniff",
        "Accept-Ranges: bytes",
        "",
        ""]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
