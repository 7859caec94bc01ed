using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Urllib4.TestKit;

/// <summary>Resources that give back what was sent to them.</summary>
internal static class BinEcho
{
    public static Task Request(BinContext c) => c.Json(Description(c));

    public static async Task RequestWithBody(BinContext c)
    {
        byte[] body = await c.ReadBody();
        JsonObject description = Description(c);
        description["method"] = c.Request.Method;
        description["data"] = "";
        description["form"] = new JsonObject();
        description["files"] = new JsonObject();
        description["json"] = null;
        if (c.Request.HasFormContentType)
            await AddForm(c, body, description);
        else
            AddData(body, description);
        await c.Json(description);
    }

    public static Task Headers(BinContext c) => c.Json(new JsonObject { ["headers"] = HeadersOf(c) });

    public static Task Ip(BinContext c) => c.Json(new JsonObject { ["origin"] = Origin(c) });

    public static Task UserAgent(BinContext c) => c.Json(new JsonObject { ["user-agent"] = c.Request.Headers.UserAgent.ToString() });

    /// <summary>What the server knows of the connection: its id, the protocol, and what TLS settled.</summary>
    public static async Task Connection(BinContext c)
    {
        var tls = c.Http.Features.Get<ITlsHandshakeFeature>();
        await c.Json(new JsonObject
        {
            ["id"] = c.Http.Connection.Id,
            ["port"] = c.Http.Connection.RemotePort,
            ["protocol"] = c.Request.Protocol,
            ["tls"] = tls?.Protocol.ToString(),
            ["host"] = tls?.HostName,
            ["client"] = (await c.Http.Connection.GetClientCertificateAsync(c.Aborted))?.Subject,
        });
    }

    /// <summary>The body back, with its length and checksum and the id of the request, to see that answers are not mixed up.</summary>
    public static async Task Body(BinContext c)
    {
        byte[] body = await c.ReadBody();
        c.Response.Headers["X-Request-Id"] = c.Request.Headers["X-Request-Id"];
        c.Response.Headers["X-Body-Length"] = body.Length.ToString(CultureInfo.InvariantCulture);
        c.Response.Headers["X-Body-Crc32"] = Checksum.Crc32(body).ToString("x8", CultureInfo.InvariantCulture);
        await c.Bytes(c.Request.ContentType ?? "application/octet-stream", body);
    }

    public static Task Uuid(BinContext c) => c.Json(new JsonObject { ["uuid"] = Guid.NewGuid().ToString() });

    public static Task Base64(BinContext c)
    {
        string text = (c.Word(0) ?? "").Replace('-', '+').Replace('_', '/');
        return c.Bytes("text/html; charset=utf-8", Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')));
    }

    public static Task ResponseHeaders(BinContext c)
    {
        var set = new JsonObject();
        foreach (var (name, values) in c.Request.Query)
        {
            c.Response.Headers[name] = values;
            set[name] = values.ToString();
        }

        return c.Json(set);
    }

    public static async Task Trailers(BinContext c)
    {
        byte[] body = "three\nshort\nlines\n"u8.ToArray();
        string sum = Checksum.Crc32(body).ToString("x8", CultureInfo.InvariantCulture);
        c.Response.DeclareTrailer("X-Checksum");
        if (c.Response.SupportsTrailers())
        {
            await c.Part(body);
            c.Response.AppendTrailer("X-Checksum", sum);
            return;
        }

        // Kestrel has no trailers in HTTP/1.1, but leaves the framing to whoever names it.
        c.Response.Headers.TransferEncoding = "chunked";
        await c.Part(Encoding.ASCII.GetBytes($"{body.Length:x}\r\n{Encoding.ASCII.GetString(body)}\r\n0\r\nX-Checksum: {sum}\r\n\r\n"));
    }

    /// <summary>Switches to a protocol that sends every byte back, until the client closes.</summary>
    public static async Task Upgrade(BinContext c)
    {
        var feature = c.Http.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        if (!feature.IsUpgradableRequest)
        {
            c.Response.Headers.Upgrade = "echo";
            await c.Fail(StatusCodes.Status426UpgradeRequired, "Ask for an upgrade.");
            return;
        }

        c.Response.Headers.Upgrade = "echo";
        await using Stream stream = await feature.UpgradeAsync();
        byte[] buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, c.Aborted) is var read and > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), c.Aborted);
            await stream.FlushAsync(c.Aborted);
        }
    }

    private static JsonObject Description(BinContext c)
    {
        var arguments = new JsonObject();
        foreach (var (name, values) in c.Request.Query)
            arguments[name] = Values(values);
        return new JsonObject
        {
            ["args"] = arguments,
            ["headers"] = HeadersOf(c),
            ["origin"] = Origin(c),
            ["url"] = c.FullUrl(),
        };
    }

    private static async Task AddForm(BinContext c, byte[] body, JsonObject description)
    {
        c.Request.Body = new MemoryStream(body);
        IFormCollection form = await c.Request.ReadFormAsync(c.Aborted);
        foreach (var (name, values) in form)
            description["form"]![name] = Values(values);
        foreach (IFormFile file in form.Files)
        {
            using var reader = new StreamReader(file.OpenReadStream());
            description["files"]![file.Name] = await reader.ReadToEndAsync(c.Aborted);
        }
    }

    private static void AddData(byte[] body, JsonObject description)
    {
        try
        {
            description["data"] = new UTF8Encoding(false, true).GetString(body);
            description["json"] = body.Length > 0 ? JsonNode.Parse(body) : null;
        }
        catch (DecoderFallbackException)
        {
            description["data"] = "data:application/octet-stream;base64," + Convert.ToBase64String(body);
        }
        catch (JsonException)
        {
            description["json"] = null;
        }
    }

    private static JsonObject HeadersOf(BinContext c)
    {
        var headers = new JsonObject();
        foreach (var (name, values) in c.Request.Headers)
            headers[name] = values.ToString();
        return headers;
    }

    private static JsonNode? Values(Microsoft.Extensions.Primitives.StringValues values) =>
        values.Count == 1 ? values[0] : new JsonArray([.. values.Select(static v => (JsonNode?)v)]);

    private static string Origin(BinContext c) => c.Http.Connection.RemoteIpAddress!.ToString();
}
