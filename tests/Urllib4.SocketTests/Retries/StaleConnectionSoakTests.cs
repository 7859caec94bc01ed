using System.Collections.Concurrent;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Retries;

/// <summary>
/// A server that hangs up at random: while a connection is idle, or under a request, processed or not. What may be repeated never fails,
/// and what may not is never done twice.
/// </summary>
public sealed class StaleConnectionSoakTests : ClientTests
{
    private const int Callers = 16;
    private const int RequestsEach = 200;

    [Theory, ClassData(typeof(BothModes))]
    public async Task Nothing_replayable_fails_and_nothing_is_done_twice(Mode mode)
    {
        var chance = new Random(7);
        await using var server = MisbehavingServer.Start(_ => Script(chance));
        await using var manager = new PoolManager(new PoolOptions { MaxSize = Callers, Retries = Retry.None });
        var lost = new ConcurrentBag<string>();
        int[] answered = new int[2];

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(n => Call(mode, () => Blocking(n), () => Asynchronous(n))))
            .WaitAsync(TimeSpan.FromMinutes(2));

        void Blocking(int caller)
        {
            for (int i = 0; i < RequestsEach; i++)
            {
                var (method, id, options) = Next(caller, i);
                try
                {
                    Answered(id, manager.Request(method, $"{server.Url}/{id}", options));
                }
                catch (ConnectionClosedException e) when (method == "POST")
                {
                    Lost(id, e);
                }
            }
        }

        async Task Asynchronous(int caller)
        {
            for (int i = 0; i < RequestsEach; i++)
            {
                var (method, id, options) = Next(caller, i);
                try
                {
                    Answered(id, await manager.RequestAsync(method, $"{server.Url}/{id}", options));
                }
                catch (ConnectionClosedException e) when (method == "POST")
                {
                    Lost(id, e);
                }
            }
        }

        void Answered(string id, UrllibResponse response)
        {
            Assert.Equal("/" + id, response.Text());
            Interlocked.Increment(ref answered[id.EndsWith('p') ? 1 : 0]);
        }

        void Lost(string id, HttpException e)
        {
            Assert.StartsWith("the POST was not resent because ", e.NotRetriedBecause, StringComparison.Ordinal);
            lost.Add(id);
        }

        int posts = Callers * RequestsEach * 3 / 10;
        Assert.Equal((Callers * RequestsEach) - posts, answered[0]);
        Assert.Equal(posts, answered[1] + lost.Count);
        Assert.NotEmpty(lost); // or the server was not rude enough
        string[] done = [.. server.Requests.Where(static r => r.Method == "POST").Select(static r => r.Target)];
        Assert.Equal(done.Length, done.Distinct().Count());
        AssertAtRest(manager);
        server.Verify();
    }

    // Three in ten are posts.
    private static (string Method, string Id, RequestOptions? Options) Next(int caller, int number) => (number + caller) % 10 < 3
        ? ("POST", $"{caller}-{number}-p", new() { Body = "once" })
        : ("GET", $"{caller}-{number}", null);

    private static Dialogue Script(Random chance)
    {
        var dialogue = new Dialogue();
        for (int left = chance.Next(1, 6); left > 0; left--)
            dialogue.ExpectRequest().Respond(static r => $"HTTP/1.1 200 OK\r\nContent-Length: {r.Target.Length}\r\n\r\n{r.Target}");
        return chance.Next(4) switch
        {
            0 => dialogue.Close(),
            1 => dialogue.Reset(),
            2 => dialogue.ExpectHead().Close(),
            _ => dialogue.ExpectRequest().Close(),
        };
    }
}
