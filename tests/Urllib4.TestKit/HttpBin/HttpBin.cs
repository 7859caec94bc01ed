using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Urllib4.TestKit;

/// <summary>
/// The directory of a <see cref="HttpBinServer"/>: the first word of the path names the resource, the others are its arguments.
/// </summary>
internal static class HttpBin
{
    private static readonly FrozenDictionary<string, Func<BinContext, Task>> Resources = new Dictionary<string, Func<BinContext, Task>>
    {
        [""] = static c => c.Text("text/html; charset=utf-8", "<!DOCTYPE html><title>httpbin</title>\n"),
        ["get"] = static c => c.Only("GET", BinEcho.Request),
        ["post"] = static c => c.Only("POST", BinEcho.RequestWithBody),
        ["put"] = static c => c.Only("PUT", BinEcho.RequestWithBody),
        ["patch"] = static c => c.Only("PATCH", BinEcho.RequestWithBody),
        ["delete"] = static c => c.Only("DELETE", BinEcho.RequestWithBody),
        ["anything"] = BinEcho.RequestWithBody,
        ["headers"] = BinEcho.Headers,
        ["ip"] = BinEcho.Ip,
        ["user-agent"] = BinEcho.UserAgent,
        ["connection"] = BinEcho.Connection,
        ["echo"] = BinEcho.Body,
        ["uuid"] = BinEcho.Uuid,
        ["base64"] = BinEcho.Base64,
        ["response-headers"] = BinEcho.ResponseHeaders,
        ["trailers"] = BinEcho.Trailers,
        ["upgrade-echo"] = BinEcho.Upgrade,
        ["cookies"] = BinStates.Cookies,
        ["status"] = BinStates.Status,
        ["basic-auth"] = BinStates.BasicAuth,
        ["bearer"] = BinStates.Bearer,
        ["etag"] = BinStates.ETag,
        ["cache"] = BinStates.Cache,
        ["flaky"] = BinStates.Flaky,
        ["close"] = BinStates.Close,
        ["redirect"] = BinRedirects.Relative,
        ["relative-redirect"] = BinRedirects.Relative,
        ["absolute-redirect"] = BinRedirects.Absolute,
        ["redirect-to"] = BinRedirects.To,
        ["delay"] = BinTimes.Delay,
        ["drip"] = BinTimes.Drip,
        ["hold"] = BinTimes.Hold,
        ["bytes"] = BinBytes.Bytes,
        ["stream-bytes"] = BinBytes.StreamBytes,
        ["stream"] = BinBytes.Lines,
        ["range"] = BinBytes.Range,
        ["gzip"] = BinBytes.Gzip,
        ["deflate"] = BinBytes.Deflate,
        ["brotli"] = BinBytes.Brotli,
        ["encoding"] = BinTexts.Encoding,
        ["json"] = BinTexts.Json,
        ["html"] = BinTexts.Html,
        ["robots.txt"] = BinTexts.Robots,
        ["deny"] = BinTexts.Deny,
    }.ToFrozenDictionary();

    /// <summary>Answers a request.</summary>
    public static Task Respond(HttpContext http, HttpBinServer server)
    {
        string[] words = http.Request.Path.Value!.TrimStart('/').Split('/');
        var context = new BinContext(http, server, words.AsMemory(1));
        if (!Resources.TryGetValue(words[0], out Func<BinContext, Task>? resource))
            return context.Fail(StatusCodes.Status404NotFound, $"There is no {http.Request.Path}.");
        try
        {
            return resource(context);
        }
        catch (FormatException e)
        {
            return context.Fail(StatusCodes.Status400BadRequest, e.Message);
        }
    }
}
