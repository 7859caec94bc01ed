using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Http2.Soak;

/// <summary>Many requests of callers of both kinds on the same connections, with a server and callers that break off.</summary>
[Collection(AloneGroup.Name)]
public sealed class Http2SoakTests
{
    private const int Callers = 64;
    private const string Own = "own";
    private const string Cancelled = "cancelled";
    private const string Reset = "reset";
    private const string Lost = "lost";

    private static readonly int _requests =
        int.TryParse(Environment.GetEnvironmentVariable("URLLIB4_SOAK"), CultureInfo.InvariantCulture, out int wanted) ? wanted : 6_000;

    private readonly ConcurrentDictionary<string, int> _outcomes = new();
    private int _begun;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_answer_is_crossed_none_is_lost_and_nothing_is_left_behind(int seed)
    {
        using var leaks = new LeakCheck();
        using var server = new FickleServer(seed);
        using var http = new PoolManager(PoolOptions.Default with
        {
            HttpVersions = HttpVersions.Http2,
            RetryBudget = RetryBudget.Unlimited,
            Retries = Retry.Default with { BackoffFactor = 0 },
        });
        HttpConnectionPool pool = http.ConnectionFromUrl(server.Url);
        leaks.Watch("busy", () => pool.Snapshot().Busy.Count, 0);
        leaks.Watch("waiting", () => pool.Snapshot().Waiting, 0);
        leaks.Watch("being dialed", () => pool.Snapshot().Dialing, 0);
        leaks.Watch("open streams", () => server.Connections.Where(static c => !c.IsOver).Sum(static c => c.OpenStreams), 0);

        Thread[] threads = [.. Enumerable.Range(0, Callers / 2)
            .Select(n => new Thread(() => Block(http, server, new Random((seed * 100) + n))))];
        Array.ForEach(threads, static t => t.Start());
        await Task.WhenAll(Enumerable.Range(threads.Length, Callers / 2).Select(n => Await(http, server, new Random((seed * 100) + n))));
        Array.ForEach(threads, static t => t.Join());

        string told = string.Join('\n', _outcomes.OrderByDescending(static o => o.Value).Take(10).Select(static o => $"{o.Value} {o.Key}"));
        TestContext.Current.SendDiagnosticMessage("{0} connections: {1}", server.Connections.Count, told);
        Assert.Equal(_requests, _outcomes.Values.Sum());
        Assert.True(_outcomes.Keys.All(static o => o is Own or Cancelled or Reset or Lost), told);
        Assert.True(_outcomes[Own] > _requests * 3 / 4, told);
        Assert.Null(server.Connections.Select(static c => c.Fault).FirstOrDefault(static f => f is not null));
        leaks.Verify();
        AssertWindowIsBack(http, server);
    }

    // What was read is given back in halves of the window: so read one half and a little more, and see how much there was then at the most.
    private static void AssertWindowIsBack(PoolManager http, FickleServer server)
    {
        const int Length = 50_000;
        FickleConnection[] left = [.. server.Connections.Where(static c => !c.IsOver)];
        Array.ForEach(left, static c => c.GreatestRoomLately = 0);
        for (int i = 0; left.All(static c => c.GreatestRoomLately == 0); i++)
        {
            Assert.True(i < 1000, "Nothing was ever given back.");
            Assert.Equal(Length, http.Request("GET", $"{server.Url}/plain/{i}/{Length}").Data.Length);
        }

        FickleConnection used = left.First(static c => c.GreatestRoomLately > 0);
        Assert.InRange(used.GreatestRoomLately, used.GreatestRoom - (2 * Length), used.GreatestRoom);
    }

    private void Block(PoolManager http, FickleServer server, Random random)
    {
        while (TryBegin(server, random, out Call call))
        {
            using CancellationTokenSource? stop = call.Stop;
            try
            {
                using UrllibResponse response = http.Request(call.Method, call.Url, call.Options, stop?.Token ?? default);
                Note(Judge(call, response, response.Data));
            }
            catch (Exception e)
            {
                Note(Judge(call, e));
            }
        }
    }

    private async Task Await(PoolManager http, FickleServer server, Random random)
    {
        await Task.Yield();
        while (TryBegin(server, random, out Call call))
        {
            using CancellationTokenSource? stop = call.Stop;
            try
            {
                await using UrllibResponse response = await http.RequestAsync(call.Method, call.Url, call.Options, stop?.Token ?? default);
                Note(Judge(call, response, await response.DataAsync(stop?.Token ?? default)));
            }
            catch (Exception e)
            {
                Note(Judge(call, e));
            }
        }
    }

    private bool TryBegin(FickleServer server, Random random, out Call call)
    {
        int number = Interlocked.Increment(ref _begun);
        string id = $"{number}-{random.Next(1000)}";
        bool isHeld = random.Next(50) == 0;
        bool isPost = random.Next(3) == 0;
        int length = Length(random);
        call = new Call(
            id,
            isPost ? "POST" : "GET",
            $"{server.Url}/{(isHeld ? "hold" : "answer")}/{id}/{length}",
            length,
            new RequestOptions
            {
                Body = isPost ? (RequestBody)FickleServer.Body(id, Length(random)) : null,
                PreloadContent = random.Next(4) > 0,
            },
            isHeld || random.Next(length > 2_000 ? 2 : 20) == 0
                ? new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(10)))
                : null);
        return number <= _requests;
    }

    // Mostly little, now and then more than a window.
    private static int Length(Random random) => random.Next(10) == 0 ? random.Next(200_000) : random.Next(2_000);

    private static string Judge(in Call call, UrllibResponse response, byte[] body)
    {
        byte[] expected = FickleServer.Body(call.Id, call.Length);
        if (response.Headers["id"] == call.Id && body.AsSpan().SequenceEqual(expected))
            return Own;
        int same = body.AsSpan().CommonPrefixLength(expected);
        string other = Encoding.ASCII.GetString(body.AsSpan(same, Math.Min(20, body.Length - same)));
        return $"'{response.Headers["id"]}' for the {call.Method} '{call.Id}', {body.Length} bytes instead of {call.Length}, "
            + $"which differ from the byte {same} on: '{other}' (loaded at once: {call.Options.PreloadContent})";
    }

    private static string Judge(in Call call, Exception failure) => failure switch
    {
        OperationCanceledException when call.Stop?.IsCancellationRequested is true => Cancelled,
        Http2Exception { ErrorCode: Http2ErrorCode.InternalError } => Reset,
        Http2Exception { ServerMayHaveActed: false } or MaxRetryException => Lost,
        ConnectionClosedException or IncompleteReadException => Lost,
        _ => failure.ToString(),
    };

    private void Note(string outcome) => _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);

    private readonly record struct Call(
        string Id, string Method, string Url, int Length, RequestOptions Options, CancellationTokenSource? Stop);
}
