using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trimmed;
using Urllib4;

// Everything that trimming could break: the library itself, the handler, options bound from a configuration, and their refusal.
using var server = new TinyServer();
var services = new ServiceCollection();
services.AddUrllib4(Section("MaxSize", "3"));
services.AddUrllib4("wrong", Section("MaxSize", "0"));
services.AddHttpClient("api").UseUrllib4();
await using ServiceProvider provider = services.BuildServiceProvider();

PoolManager manager = provider.GetRequiredService<PoolManager>();
UrllibResponse blocking = manager.Request("GET", $"{server.Url}/blocking");
UrllibResponse asynchronous = await manager.RequestAsync(
    "POST", $"{server.Url}/async", new() { Body = RequestBody.FromString("a body", "text/plain") });
using HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
string handled = await http.GetStringAsync(new Uri($"{server.Url}/handler"));
string refusal = Refusal();

Console.WriteLine($"PoolManager, blocking:      {blocking.Status} {blocking.Text()}");
Console.WriteLine($"PoolManager, asynchronous:  {asynchronous.Status} {asynchronous.Text()}");
Console.WriteLine($"HttpClient by the factory:  {handled}");
Console.WriteLine($"options from configuration: MaxSize = {manager.Options.MaxSize}; {refusal}");
string files = AppContext.BaseDirectory;
bool isTrimmed = File.Exists(Path.Combine(files, "System.Private.CoreLib.dll"));
long bytes = new DirectoryInfo(files).EnumerateFiles().Sum(static file => file.Length);
Console.WriteLine(isTrimmed ? $"trimmed, with its runtime:  {bytes >> 20} MiB" : "not trimmed: dotnet publish does that");
return manager.Options.MaxSize == 3 && refusal == "Pools:MaxSize: MaxSize is at least 1." ? 0 : 1;

static IConfigurationSection Section(string key, string value) => new ConfigurationBuilder()
    .AddInMemoryCollection(new Dictionary<string, string?> { [$"Pools:{key}"] = value }).Build().GetSection("Pools");

string Refusal()
{
    try
    {
        return provider.GetRequiredKeyedService<PoolManager>("wrong").ToString()!;
    }
    catch (OptionsValidationException e)
    {
        return e.Message;
    }
}
