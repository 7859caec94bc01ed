using System.Net;

namespace HttpClientSwap;

/// <summary>A web server on a port of the system's choice.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Shop(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public static async Task<Shop> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.MapGet("/old", static () => Results.Redirect("/new"));
        app.MapGet("/new", static () => "welcome");
        app.MapGet("/items", static () => new[] { new Item("a cup", 5), new Item("a plate", 7) });
        app.MapPost("/items", static (Item item) => Results.Created($"/items/{item.Name}", item));
        await app.StartAsync();
        return new Shop(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>Something to buy.</summary>
internal sealed record Item(string Name, int Price);
