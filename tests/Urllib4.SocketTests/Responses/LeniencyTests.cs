using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

/// <summary>Faults that a manager forgives on request, natively and under the handler (report 20).</summary>
public sealed class LeniencyTests : ResponseTests
{
    private const string Faulty = "HTTP/1.1 200 OK\nX : y\ngarbage\nContent-Length: 9\nTransfer-Encoding: chunked, chunked\n\n"
        + "2\r\nok\r\n0\r\n\r\n";

    private static readonly PoolOptions _forgiving = new()
    {
        Leniency = ResponseLeniency.BareLineFeed | ResponseLeniency.LineWithoutName | ResponseLeniency.BlankBeforeColon
            | ResponseLeniency.ContentLengthBesideChunked | ResponseLeniency.ChunkedTwice,
    };

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_manager_forgives_what_it_was_told_to(Mode mode)
    {
        using var server = MisbehavingServer.Start(_ => Dialogue(Faulty));
        using var manager = new PoolManager(_forgiving);
        using var strict = new PoolManager();

        UrllibResponse response = await Get(mode, manager, server.Url);

        Assert.Equal(("ok", "y", 1), (response.Text(), response.Headers["X"], response.DroppedHeaderLines));
        await Assert.ThrowsAsync<ProtocolException>(() => Get(mode, strict, server.Url, new() { Retries = Retry.None }));
        server.WaitUntilAllClosed();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_handler_forgives_what_it_was_told_to(Mode mode)
    {
        using var server = MisbehavingServer.Start(_ => Dialogue(Faulty));
        using var http = new HttpClient(new UrllibHandler(_forgiving));

        using HttpResponseMessage response = await Call(
            mode, () => http.Send(new(HttpMethod.Get, server.Url)), () => http.GetAsync(server.Url));

        Assert.Equal("ok", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("y", response.Headers.GetValues("X").Single());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_204_with_a_body_does_not_answer_the_next_request(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            Dialogue("HTTP/1.1 204 No Content\r\nContent-Length: 38\r\n\r\n").ExpectEof(), Dialogue(Sized("ok")));
        using var manager = new PoolManager();

        Assert.Equal(204, (await Get(mode, manager, server.Url)).Status);
        Assert.Equal("ok", (await Get(mode, manager, server.Url)).Text());

        server.WaitForConnections(2);
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_may_say_a_hundred_times_that_it_is_at_work(Mode mode)
    {
        using var server = Serve(string.Concat(Enumerable.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 100)) + Sized("ok"));
        using var manager = new PoolManager();
        int told = 0;

        UrllibResponse response = await Get(mode, manager, server.Url, new() { OnInformational = _ => told++ });

        Assert.Equal(("ok", 100), (response.Text(), told));
    }
}
