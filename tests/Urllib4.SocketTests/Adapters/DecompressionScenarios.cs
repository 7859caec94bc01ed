using System.IO.Compression;
using System.Net;
using System.Text;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Content codings against what the handler is to undo.</summary>
internal static class DecompressionScenarios
{
    private static readonly byte[] _text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("compressible ", 100)));

    private static readonly DecompressionMethods[] _sets =
    [
        DecompressionMethods.None, DecompressionMethods.GZip, DecompressionMethods.Deflate, DecompressionMethods.Brotli,
        DecompressionMethods.GZip | DecompressionMethods.Deflate, DecompressionMethods.All,
    ];

    public static IEnumerable<Scenario> All =>
    [
        .. from methods in _sets
           from coding in new[] { "gzip", "deflate", "br", "x-unknown" }
           select Getting($"{coding} for {methods}", Answer(Coded(coding), $"Content-Encoding: {coding}\r\n"), methods),
        Getting("a coding in capitals", Answer(Coded("gzip"), "Content-Encoding: GZIP\r\n"), DecompressionMethods.All),
        Getting("identity", Answer("plain", "Content-Encoding: identity\r\n"), DecompressionMethods.All),
        Getting("no coding", Answer("plain"), DecompressionMethods.All),
        Getting("two codings",
            Answer(Latin1(Pack("br", Pack("gzip", _text))), "Content-Encoding: gzip, br\r\n"),
            DecompressionMethods.All) with
        {
            Difference = "Two content codings",
            Ours = "body of 1300",
        },
        Getting("gzip in chunks",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
            + $"{Coded("gzip").Length:x}\r\n{Coded("gzip")}\r\n0\r\n\r\n",
            DecompressionMethods.GZip),
        Getting("gzip of nothing", Answer("", "Content-Encoding: gzip\r\n"), DecompressionMethods.GZip),
        Getting("gzip that is none", Answer("not compressed at all", "Content-Encoding: gzip\r\n"), DecompressionMethods.GZip),
        Getting("gzip that is cut", Answer(Coded("gzip")[..^12], "Content-Encoding: gzip\r\n"), DecompressionMethods.GZip) with
        {
            Difference = "Broken content codings",
            Ours = "InvalidDataException",
        },
        Getting("brotli that is none", Answer("not compressed at all", "Content-Encoding: br\r\n"), DecompressionMethods.Brotli) with
        {
            Difference = "Broken content codings",
            Ours = "InvalidDataException",
        },
        new("HEAD of a coded resource", static s => s.Try(new(HttpMethod.Head, s.Uri)))
        {
            Server = Always("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n"),
            Handler = new() { AutomaticDecompression = DecompressionMethods.All },
        },
        .. ((string[])["gzip;q=0.5", "GZIP", "gzip;q=0, br", "deflate, gzip;q=1.0, *;q=0.5"]).Select(static asked =>
            new Scenario($"an Accept-Encoding of '{asked}' beside the handler's", s =>
            {
                HttpRequestMessage request = s.Get();
                request.Headers.AcceptEncoding.ParseAdd(asked);
                return s.Try(request);
            }) { Server = Always(Answer()), Handler = new() { AutomaticDecompression = DecompressionMethods.All } }),
        new("an Accept-Encoding of its own beside the handler's", static async s =>
        {
            HttpRequestMessage request = s.Get();
            request.Headers.AcceptEncoding.ParseAdd("identity;q=0.5");
            request.Headers.AcceptEncoding.ParseAdd("br");
            await s.Try(request);
        }) { Server = Always(Answer()), Handler = new() { AutomaticDecompression = DecompressionMethods.All } },
        new("a range of a coded resource", static async s =>
        {
            HttpRequestMessage request = s.Get();
            request.Headers.Range = new(0, 9);
            await s.Try(request);
        }) { Server = Always(Answer()), Handler = new() { AutomaticDecompression = DecompressionMethods.All } },
        new("a decoded body as a stream", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            await using Stream stream = await s.Open(response);
            using var reader = new StreamReader(stream);
            s.Note(s.Mode == Mode.Blocking ? reader.ReadToEnd() : await reader.ReadToEndAsync());
        })
        {
            Server = Always(Answer(Coded("gzip"), "Content-Encoding: gzip\r\n")),
            Handler = new() { AutomaticDecompression = DecompressionMethods.All },
        },
    ];

    private static Scenario Getting(string name, string answer, DecompressionMethods methods) =>
        new($"decompression: {name}", static s => s.Try(s.Get()))
        {
            Server = Always(answer),
            Handler = new() { AutomaticDecompression = methods },
        };

    private static string Coded(string coding) => Latin1(Pack(coding, _text));

    private static byte[] Pack(string coding, byte[] data)
    {
        if (coding == "x-unknown")
            return data;
        using var packed = new MemoryStream();
        using (Stream packing = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, true),
            _ => new BrotliStream(packed, CompressionLevel.Fastest, true),
        })
            packing.Write(data);
        return packed.ToArray();
    }
}
