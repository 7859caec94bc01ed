using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Urllib4.SdkTests;

/// <summary>A Kestrel server on a port of the system's choice.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiServer(WebApplication app) => _app = app;

    /// <summary>Where it is, without a slash at the end.</summary>
    public string Url => _app.Urls.First();

    /// <summary>Starts a server that answers as it is told.</summary>
    public static async Task<ApiServer> Start(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.Run(answer);
        await app.StartAsync();
        return new ApiServer(app);
    }

    /// <summary>Starts a server that tells what it was asked: method, target, what it says of the content, and the content.</summary>
    public static Task<ApiServer> StartEcho() => Start(static async context =>
    {
        HttpRequest request = context.Request;
        using var reader = new StreamReader(request.Body);
        string body = await reader.ReadToEndAsync();
        await context.Response.WriteAsJsonAsync(new EchoedRequest(
            request.Method, $"{request.Path}{request.QueryString}", Unbounded(request.ContentType ?? "", request), Unbounded(body, request),
            [
                .. request.Headers.Select(static h => $"{h.Key}: {h.Value}").Order(StringComparer.Ordinal)
                    .Where(static h => h.Split(':')[0] is ['X', '-', ..] or "Accept" or "Authorization" or "User-Agent"),
            ]));
    });

    /// <summary>Writes a part of a response and sends it off.</summary>
    public static async Task SendPart(HttpResponse response, string text)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await response.Body.FlushAsync();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // The boundary of a multipart body is random.
    private static string Unbounded(string text, HttpRequest request) =>
        request.ContentType is { } type && type.IndexOf("boundary=", StringComparison.Ordinal) is >= 0 and var at
            ? text.Replace(type[(at + 9)..].Trim('"'), "boundary", StringComparison.Ordinal)
            : text;
}

/// <summary>What the echo tells.</summary>
internal sealed record EchoedRequest(string Method, string Target, string ContentType, string Body, string[] Headers)
{
    public override string ToString() => $"{Method} {Target}\n{ContentType}\n{Body}\n{string.Join('\n', Headers)}";
}
