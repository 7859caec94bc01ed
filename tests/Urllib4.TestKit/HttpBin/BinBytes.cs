using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Urllib4.TestKit;

/// <summary>Resources that are about the body: its length, framing, ranges and codings.</summary>
internal static class BinBytes
{
    public static Task Bytes(BinContext c) => c.Bytes("application/octet-stream", Random(c));

    /// <summary><c>/stream-bytes/1000?chunk_size=10&amp;seed=1</c>: the same bytes as <c>/bytes</c>, in chunks.</summary>
    public static async Task StreamBytes(BinContext c)
    {
        c.Response.ContentType = "application/octet-stream";
        foreach (byte[] chunk in Random(c).Chunk((int)c.Parameter("chunk_size", 10 * 1024)))
            await c.Part(chunk);
    }

    /// <summary><c>/stream/3</c>: so many lines of JSON, each in a chunk.</summary>
    public static async Task Lines(BinContext c)
    {
        c.Response.ContentType = "application/json";
        for (int i = 0; i < Math.Min(c.Number(0), 100); i++)
            await c.Part(System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["id"] = i, ["url"] = c.FullUrl() }.ToJsonString() + "\n"));
    }

    /// <summary><c>/range/26</c>: the alphabet again and again; understands one range, and If-Range by entity tag.</summary>
    public static Task Range(BinContext c)
    {
        int length = c.Number(0);
        byte[] all = [.. Enumerable.Range(0, length).Select(static i => (byte)('a' + (i % 26)))];
        string tag = string.Create(CultureInfo.InvariantCulture, $"\"range{length}\"");
        c.Response.Headers.ETag = tag;
        c.Response.Headers.AcceptRanges = "bytes";
        string condition = c.Request.Headers.IfRange.ToString();
        bool applies = condition.Length == 0 || condition == tag;
        if (!applies || !RangeHeaderValue.TryParse(c.Request.Headers.Range.ToString(), out RangeHeaderValue? asked)
            || asked.Ranges.Count != 1)
            return c.Bytes("application/octet-stream", all);
        RangeItemHeaderValue range = asked.Ranges.First();
        long from = range.From ?? Math.Max(0, length - range.To!.Value);
        long to = range.From is null ? length - 1 : Math.Min(range.To ?? (length - 1), length - 1);
        if (from >= length || to < from)
        {
            c.Response.Headers.ContentRange = $"bytes */{length}";
            return c.Empty(StatusCodes.Status416RangeNotSatisfiable);
        }

        c.Response.StatusCode = StatusCodes.Status206PartialContent;
        c.Response.Headers.ContentRange = $"bytes {from}-{to}/{length}";
        return c.Bytes("application/octet-stream", all.AsMemory((int)from, (int)(to - from + 1)));
    }

    public static Task Gzip(BinContext c) => Coded(c, "gzip", "gzipped", static s => new GZipStream(s, CompressionLevel.Fastest, true));

    /// <summary>
    /// <c>/deflate</c> in the zlib format, as the RFC has it; <c>/deflate?raw=1</c> without its frame, as some servers do.
    /// </summary>
    public static Task Deflate(BinContext c) => Coded(c, "deflate", "deflated", c.Parameter("raw") is null
        ? static s => new ZLibStream(s, CompressionLevel.Fastest, true)
        : static s => new DeflateStream(s, CompressionLevel.Fastest, true));

    public static Task Brotli(BinContext c) => Coded(c, "br", "brotli", static s => new BrotliStream(s, CompressionLevel.Fastest, true));

    private static async Task Coded(BinContext c, string coding, string word, Func<Stream, Stream> encoder)
    {
        using var coded = new MemoryStream();
        await using (Stream encode = encoder(coded))
            await JsonSerializer.SerializeAsync(encode, new JsonObject { [word] = true, ["method"] = c.Request.Method });
        c.Response.Headers.ContentEncoding = coding;
        await c.Bytes("application/json", coded.ToArray());
    }

    private static byte[] Random(BinContext c)
    {
        byte[] bytes = new byte[c.Number(0)];
        new Random((int)c.Parameter("seed", 0)).NextBytes(bytes);
        return bytes;
    }
}
