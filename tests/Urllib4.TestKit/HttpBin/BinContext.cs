using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Urllib4.TestKit;

/// <summary>One request to a resource of the <see cref="HttpBinServer"/>, with the words of its path and the ways to answer.</summary>
internal sealed class BinContext(HttpContext http, HttpBinServer server, ReadOnlyMemory<string> words)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public HttpContext Http => http;

    public HttpRequest Request => http.Request;

    public HttpResponse Response => http.Response;

    public HttpBinServer Server => server;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>A word of the path behind the name of the resource, or null.</summary>
    public string? Word(int index) => index < words.Length ? words.Span[index] : null;

    /// <summary>A word of the path that has to be a number of at least zero.</summary>
    public int Number(int index) => int.Parse(Word(index) ?? "", NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>A parameter of the query, or null.</summary>
    public string? Parameter(string name) => Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>A parameter of the query as a number, or the default.</summary>
    public double Parameter(string name, double otherwise) =>
        Parameter(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>Answers if the method is the one that is allowed; GET allows HEAD too.</summary>
    public Task Only(string method, Func<BinContext, Task> resource)
    {
        if (Request.Method == method || (method == "GET" && Request.Method == "HEAD"))
            return resource(this);
        Response.Headers.Allow = method == "GET" ? "GET, HEAD" : method;
        return Fail(StatusCodes.Status405MethodNotAllowed, $"Only {method} is allowed here.");
    }

    /// <summary>The whole body of the request.</summary>
    public async Task<byte[]> ReadBody()
    {
        using var body = new MemoryStream();
        await Request.Body.CopyToAsync(body, Aborted);
        return body.ToArray();
    }

    /// <summary>The URL of the request in full.</summary>
    public string FullUrl() => Request.GetDisplayUrl();

    public Task Text(string type, string text) => Bytes(type, Encoding.UTF8.GetBytes(text));

    public Task Json(JsonNode json) => Text("application/json", json.ToJsonString(Indented) + "\n");

    public Task Fail(int status, string message)
    {
        Response.StatusCode = status;
        return Text("text/plain; charset=utf-8", message + "\n");
    }

    public Task Empty(int status)
    {
        Response.StatusCode = status;
        Response.ContentLength = status is 204 or 304 or < 200 ? null : 0;
        return Task.CompletedTask;
    }

    /// <summary>Answers with bytes and their length; a HEAD request gets the length only.</summary>
    public Task Bytes(string type, ReadOnlyMemory<byte> bytes)
    {
        Response.ContentType = type;
        Response.ContentLength = bytes.Length;
        return Request.Method == "HEAD" ? Task.CompletedTask : Response.Body.WriteAsync(bytes, Aborted).AsTask();
    }

    /// <summary>Sends a part of a body of unknown length at once.</summary>
    public async Task Part(ReadOnlyMemory<byte> bytes)
    {
        if (Request.Method == "HEAD")
            return;
        await Response.Body.WriteAsync(bytes, Aborted);
        await Response.Body.FlushAsync(Aborted);
    }
}
