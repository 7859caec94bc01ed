using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>A storm of requests on connections that the server closes while they are idle.</summary>
[Collection(AloneGroup.Name)]
public sealed class StaleConnectionTests : IDisposable
{
    private const string Once = "executed once";
    private const string Refused = "POSTs failed, and executed once at the most";

    private readonly ImpatientServer _server = new();

    [Fact]
    public async Task What_may_be_repeated_never_fails_and_nothing_is_executed_twice()
    {
        int requests = Crowd.Requests(5_000);
        using var leaks = new LeakCheck();
        using var http = new PoolManager();
        HttpConnectionPool pool = http.ConnectionFromUrl(_server.Url);
        leaks.Watch("busy", () => pool.Snapshot().Busy.Count, 0);
        var crowd = new Crowd(http, Prepare, Judge);

        await crowd.Run(16, requests);

        TestContext.Current.SendDiagnosticMessage(
            "{0} connections, {1} of them closed in the face of a request, {2} after a POST that was executed",
            pool.NumConnections, _server.Unread, _server.Unanswered);
        Assert.DoesNotContain(crowd.Outcomes.Keys, static o => o is not (Once or Refused));
        Assert.Equal(requests, crowd.Outcomes.Values.Sum());
        Assert.Equal(0, _server.Doubles);
        Assert.True(_server is { Unread: > 0, Unanswered: > 0 });
        leaks.Verify();
    }

    public void Dispose() => _server.Dispose();

    // Three in ten are POSTs, and one of these has a key with which it may be repeated.
    private Errand Prepare(int number, Random random)
    {
        string id = $"{number}-{random.Next()}";
        int kind = random.Next(10);
        var headers = new HttpHeaderDict { { "X-Request-Id", id } };
        if (kind == 0)
            headers.Add("Idempotency-Key", id);
        return new Errand(id)
        {
            Method = kind < 3 ? "POST" : "GET",
            Url = _server.Url,
            Options = new()
            {
                Headers = headers,
                Body = kind < 3 ? RequestBody.FromString("text of " + id) : null,
                HonoursIdempotencyKey = kind == 0,
            },
        };
    }

    private string Judge(Errand errand, UrllibResponse? response, Exception? failure)
    {
        int executions = _server.Executions(errand.Id);
        bool isReplayable = errand.Method == "GET" || errand.Options.HonoursIdempotencyKey;
        return failure switch
        {
            null when response!.Text() == errand.Id && executions == 1 => Once,
            ConnectionClosedException { ServerMayHaveActed: true, NotRetriedBecause: not null } when !isReplayable && executions <= 1
                => Refused,
            null => $"{response.Text()} for {errand.Id}, executed {executions} times",
            _ => $"{errand.Method} executed {executions} times failed: {failure}",
        };
    }
}
