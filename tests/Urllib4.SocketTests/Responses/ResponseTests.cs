using System.IO.Compression;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

/// <summary>What the tests of responses share: requests and reads in either mode, and servers that answer in a given way.</summary>
public abstract class ResponseTests : ModeTests
{
    protected static readonly RequestOptions Streamed = new() { PreloadContent = false };

    /// <summary>A server for one connection that answers each request with the next text, and then listens.</summary>
    protected static MisbehavingServer Serve(params IReadOnlyList<string> answers) => MisbehavingServer.Start(Dialogue(answers));

    protected static Dialogue Dialogue(params IReadOnlyList<string> answers)
    {
        var dialogue = new Dialogue();
        foreach (string answer in answers)
            dialogue.ExpectRequest().Send(answer);
        return dialogue;
    }

    protected static string Sized(string body, string headers = "") =>
        $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}";

    protected static string Sized(byte[] body, string headers = "") => Sized(Encoding.Latin1.GetString(body), headers);

    protected static string Chunked(string headers, params IReadOnlyList<string> chunks) =>
        $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{headers}\r\n"
        + string.Concat(chunks.Select(static c => $"{c.Length:x}\r\n{c}\r\n")) + "0\r\n\r\n";

    protected static byte[] Gzip(byte[] plain) => Coded(plain, static s => new GZipStream(s, CompressionLevel.SmallestSize, true));

    protected static byte[] Brotli(byte[] plain) => Coded(plain, static s => new BrotliStream(s, CompressionLevel.Fastest, true));

    protected static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    protected static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    protected static Task<UrllibResponse> Get(
        Mode mode, IRequestMethods client, string url, RequestOptions? options = null, string method = "GET") =>
        Call(mode, () => client.Request(method, url, options), () => client.RequestAsync(method, url, options));

    protected static Task<byte[]> Read(Mode mode, UrllibResponse response, int amount) =>
        Call(mode, () => response.Read(amount), () => response.ReadAsync(amount).AsTask());

    protected static Task<byte[]> ReadOne(Mode mode, UrllibResponse response, int amount) =>
        Call(mode, () => response.ReadOne(amount), () => response.ReadOneAsync(amount).AsTask());

    protected static Task<int> ReadInto(Mode mode, UrllibResponse response, byte[] buffer) =>
        Call(mode, () => response.Read(buffer.AsSpan()), () => response.ReadAsync(buffer.AsMemory()).AsTask());

    protected static Task<byte[]> Data(Mode mode, UrllibResponse response) =>
        Call(mode, () => response.Data, () => response.DataAsync().AsTask());

    protected static Task Dispose(Mode mode, UrllibResponse response) =>
        Call(mode, response.Dispose, () => response.DisposeAsync().AsTask());

    protected static async Task<List<string>> Lines(Mode mode, UrllibResponse response, int maxLineLength = 1000) =>
        await Call(mode, () => response.ReadLines(maxLineLength).ToList(), () => Collect(response.ReadLinesAsync(maxLineLength)));

    protected static async Task<List<byte[]>> Parts(Mode mode, UrllibResponse response, int chunkSize) => await Call(
        mode,
        () => response.Stream(chunkSize).Select(static p => p.ToArray()).ToList(),
        () => Collect(response.StreamAsync(chunkSize), static p => p.ToArray()));

    protected static Task<List<T>> Collect<T>(IAsyncEnumerable<T> items) => Collect(items, static item => item);

    protected static async Task<List<TResult>> Collect<T, TResult>(IAsyncEnumerable<T> items, Func<T, TResult> select)
    {
        var all = new List<TResult>();
        await foreach (T item in items)
            all.Add(select(item));
        return all;
    }

    protected static byte[] Coded(byte[] plain, Func<Stream, Stream> encoder)
    {
        using var coded = new MemoryStream();
        using (Stream encode = encoder(coded))
            encode.Write(plain);
        return coded.ToArray();
    }
}
