using Urllib4;
using WorkerWithDi;

await using Feed feed = await Feed.Start();

HostApplicationBuilder builder = Host.CreateApplicationBuilder(
    new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Logging.AddSimpleConsole(static console => console.SingleLine = true);
builder.Services.AddSingleton(feed);

// One manager for the program, with the section Urllib4 of appsettings.json. A wrong key there stops the start with its name.
builder.Services.AddUrllib4();

// A client of HttpClientFactory with the same options, and so with the same connections.
builder.Services.AddHttpClient("feed").UseUrllib4();

// And one that differs.
builder.Services.AddHttpClient("slow", static http => http.Timeout = TimeSpan.FromMinutes(5))
    .UseUrllib4(static options => options with { MaxSize = 1, Timeout = HttpTimeout.Default with { Read = TimeSpan.FromMinutes(1) } });

builder.Services.AddHostedService<Reader>();
using IHost host = builder.Build();
await host.RunAsync();
