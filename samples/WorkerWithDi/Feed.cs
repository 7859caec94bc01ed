using System.Collections.Concurrent;
using System.Net;

namespace WorkerWithDi;

/// <summary>A web server that is not ready when a page is asked for the first time.</summary>
internal sealed class Feed : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Feed(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<Feed> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var seen = new ConcurrentDictionary<string, bool>();
        app.Run(async context =>
        {
            context.Response.StatusCode = seen.TryAdd(context.Request.Path, true) ? 503 : 200;
            await context.Response.WriteAsync($"{context.Request.Path} for {context.Request.Headers["X-From"]}");
        });
        await app.StartAsync();
        return new Feed(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
