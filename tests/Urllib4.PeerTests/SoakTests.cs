using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>Many requests at once, some of them given up half-way.</summary>
[Collection(AloneGroup.Name)]
public sealed class SoakTests(Peers peers)
{
    private const string Own = "with their own response";
    private const string Cancelled = "cancelled";

    private readonly NginxPeer _nginx = peers.Nginx;

    [Theory]
    [InlineData(true, 16)]
    [InlineData(false, 32)]
    public async Task Everybody_gets_his_own_response_whoever_gives_up(bool block, int maxSize)
    {
        int requests = Crowd.Requests(10_000) / 2;
        using var leaks = new LeakCheck();
        using var http = new PoolManager(PoolOptions.Default with { Block = block, MaxSize = maxSize });
        HttpConnectionPool pool = http.ConnectionFromUrl(_nginx.Url);
        leaks.Watch("busy", () => pool.Snapshot().Busy.Count, 0);
        leaks.Watch("waiting", () => pool.Snapshot().Waiting, 0);
        leaks.Watch("being dialed", () => pool.Snapshot().Dialing, 0);
        var crowd = new Crowd(http, Prepare, Judge);

        await crowd.Run(64, requests);

        Assert.Equal([Cancelled, Own], crowd.Outcomes.Keys.Order());
        Assert.Equal(requests, crowd.Outcomes.Values.Sum());
        leaks.Verify();
    }

    // One in ten is cancelled within 4 ms, which is about as long as one takes in such a crowd.
    private Errand Prepare(int number, Random random)
    {
        string id = $"{number}-{random.Next()}";
        return new Errand(id, random.Next(10) == 0 ? TimeSpan.FromMilliseconds(random.Next(5)) : null)
        {
            Url = $"{_nginx.Url}/request-id",
            Options = new() { Headers = new() { { "X-Request-Id", id } }, PreloadContent = random.Next(4) > 0 },
        };
    }

    private static string Judge(Errand errand, UrllibResponse? response, Exception? failure) => failure switch
    {
        OperationCanceledException when errand.CancellationToken.IsCancellationRequested => Cancelled,
        not null => $"failed: {failure}",
        _ when response!.Text() == errand.Id => Own,
        _ => $"got '{response.Text()}' for '{errand.Id}'",
    };
}
