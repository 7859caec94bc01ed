using Urllib4;

namespace WorkerWithDi;

/// <summary>Reads the feed in three ways, tells what the pools did, and ends the program.</summary>
internal sealed class Reader(
    IRequestMethods requests, PoolManager manager, IHttpClientFactory clients, Feed feed, IHostApplicationLifetime host) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        UrllibResponse own = await requests.RequestAsync("GET", $"{feed.Url}/own", cancellationToken: stoppingToken);
        Console.WriteLine($"IRequestMethods: {own.Text()}");
        foreach (string name in new[] { "feed", "slow" })
        {
            using HttpClient http = clients.CreateClient(name);
            Console.WriteLine($"HttpClient '{name}': {await http.GetStringAsync(new Uri($"{feed.Url}/{name}"), stoppingToken)}");
        }

        foreach ((PoolKey key, HttpConnectionPool pool) in manager.Pools)
            Console.WriteLine($"{key}: {pool.NumRequests} requests on {pool.NumConnections} connection");
        host.StopApplication();
    }
}
