using Urllib4;

namespace Quickstart;

/// <summary>Fetches what is asked for: one URL by a blocking call, several side by side.</summary>
internal static class Fetch
{
    // As curl does it; a library should not unless its caller says so.
    private static readonly PoolOptions _options = new() { TrustEnvironment = true };

    public static int One(string url, bool explains)
    {
        using var manager = new PoolManager(_options);
        long start = TimeProvider.System.GetTimestamp();
        UrllibResponse response = manager.Request("GET", url, new() { Explain = explains });
        Show.Fetched(response, TimeProvider.System.GetElapsedTime(start));
        Show.Pools(manager);
        return 0;
    }

    public static async Task<int> Many(string[] urls, bool explains)
    {
        await using var manager = new PoolManager(_options);
        bool[] succeeded = await Task.WhenAll(urls.Select(url => Fetched(manager, url, explains)));
        Show.Pools(manager);
        return succeeded.All(success => success) ? 0 : 1;
    }

    private static async Task<bool> Fetched(PoolManager manager, string url, bool explains)
    {
        long start = TimeProvider.System.GetTimestamp();
        try
        {
            UrllibResponse response = await manager.RequestAsync("GET", url, new() { Explain = explains });
            Show.Fetched(response, TimeProvider.System.GetElapsedTime(start));
            return true;
        }
        catch (HttpException e)
        {
            Show.Failure(e);
            return false;
        }
    }
}
