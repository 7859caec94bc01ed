using System.Net;
using Urllib4;

namespace Quickstart;

/// <summary>
/// The page this library began with, on two web servers inside this process. The resolver leads the hosts of the page to them; everything
/// else is as it would be on the Internet.
/// </summary>
internal static class SeedPage
{
    public static async Task<int> Run(bool explains)
    {
        await using LocalServer example = await LocalServer.Start("ECS (sample)");
        await using LocalServer httpbin = await LocalServer.Start("gunicorn (sample)");
        var resolver = Resolver.FromTable(new Dictionary<string, IPEndPoint>
        {
            ["example.com"] = example.EndPoint,
            ["httpbin.org"] = httpbin.EndPoint,
        });
        PoolOptions options = new() { NumPools = 10, Resolver = resolver };
        RequestOptions own = new() { Explain = explains };

        Show.Title("A manager keeps a pool of connections for each host");
        using var manager = new PoolManager(options);
        UrllibResponse r = manager.Request("GET", "http://example.com", own);
        Show.Step("""manager.Request("GET", "http://example.com")""", r);
        Show.Value("""r.Headers["server"]""", r.Headers["server"]);
        r = manager.Request("GET", "http://httpbin.org/", own);
        Show.Step("""manager.Request("GET", "http://httpbin.org/")""", r);
        Show.Value("""r.Headers["server"]""", r.Headers["server"]);
        r = manager.Request("POST", "http://httpbin.org/headers", own);
        Show.Step("""manager.Request("POST", "http://httpbin.org/headers")""", r);
        r = manager.Request("HEAD", "http://httpbin.org/cookies", own);
        Show.Step("""manager.Request("HEAD", "http://httpbin.org/cookies")""", r);
        Show.Value("manager.Pools.Count", manager.Pools.Count);
        HttpConnectionPool conn = manager.ConnectionFromHost("httpbin.org");
        Show.Value("conn.NumRequests", conn.NumRequests);
        Show.Value("conn.NumConnections", conn.NumConnections);
        Show.Pools(manager);

        Show.Title("A scope closes what it opened");
        PoolManager outside;
        using (var scoped = new PoolManager(options))
        {
            outside = scoped;
            Show.Step("""scoped.Request("GET", "http://example.com")""", scoped.Request("GET", "http://example.com", own));
            Show.Step("""scoped.Request("GET", "http://httpbin.org/")""", scoped.Request("GET", "http://httpbin.org/", own));
            Show.Value("scoped.Pools.Count", scoped.Pools.Count);
        }

        Show.Value("afterwards", outside.Pools.Count);
        return 0;
    }
}
