using System.Net;
using Urllib4.Diagnostics;
using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

/// <summary>The account of a call, on a clock on which each write takes 1 ms, each read 5, and each phase of a dial 2.</summary>
public sealed class ExchangeReportTests : ModeTests
{
    private static readonly RequestOptions _explained = new() { Explain = true };

    [Theory, ClassData(typeof(BothModes))]
    public async Task Nobody_asks_and_nothing_is_told(Mode mode)
    {
        using CallRig rig = Ticking(new Dialogue().ExpectRequest().Send("HTTP/1.1 204 None\r\n\r\n").ExpectRequest().Close());
        Assert.Null((await rig.Send(mode, "GET", "/")).Report);
        Assert.Null((await Assert.ThrowsAsync<ConnectionClosedException>(() => rig.Send(mode, "POST", "/"))).Report);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_redirect_and_a_retry_are_told_in_order(Mode mode)
    {
        using CallRig rig = Ticking(
            new Dialogue()
                .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /there?token=secret\r\nContent-Length: 4\r\n\r\n").Send("gone")
                .ExpectRequest().Close(),
            new Dialogue()
                .ExpectRequest().Send("HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n")
                .ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").Send("hello"));

        Task<UrllibResponse> call = rig.Send(mode, "GET", "/here", _explained);
        rig.Clock.WaitUntilTimers(3); // of the wire, of what is idle, and of the pause
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        ExchangeReport report = (await call).Report!;

        Assert.Equal(
            """
            1. GET http://example.com/here
               new connection #N, 41 bytes out, 76 in
               Resolve 2 ms, Connect 2 ms, Send 1 ms, Head 5 ms, Body 5 ms
               302; the redirect was followed to http://example.com/there?***
            2. GET http://example.com/there?***
               kept-alive connection #N, idle 0 ms, 1 request served, 55 bytes out, 0 in
               Send 1 ms, Head 5 ms
               ConnectionClosedException: The server closed the connection before the first byte of a response; the GET was resent because the idle connection had been closed, and it may be repeated
            3. GET http://example.com/there?***
               new connection #N, 55 bytes out, 56 in
               Resolve 2 ms, Connect 2 ms, Send 1 ms, Head 5 ms
               503; the GET was retried because the server may do better later; pause 2 s
            4. GET http://example.com/there?***
               kept-alive connection #N, idle 2 s, 1 request served, 55 bytes out, 43 in
               Send 1 ms, Head 5 ms, Body 5 ms
               200
            in all 2.042 s
            """.ReplaceLineEndings("\n"),
            CallRig.Anonymous(report.ToString()));
        Assert.Equal([302, null, 503, 200], report.Attempts.Select(static attempt => attempt.Status));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_failure_carries_the_story(Mode mode)
    {
        using CallRig rig = Ticking(new Dialogue().ExpectRequest().Close());
        HttpException error = await Assert.ThrowsAsync<ConnectionClosedException>(
            () => rig.Send(mode, "POST", "/", _explained with { Body = RequestBody.FromString("abc", null) }));
        Assert.Equal(
            """
            1. POST http://example.com/
               new connection #N, 60 bytes out, 0 in
               Resolve 2 ms, Connect 2 ms, Send 1 ms, Head 5 ms
               ConnectionClosedException: The server closed the connection before the first byte of a response; the POST was not resent because all of it had left
            in all 10 ms
            """.ReplaceLineEndings("\n"),
            CallRig.Anonymous(error.Report!.ToString()));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_on_its_way_is_told_as_far_as_it_came(Mode mode)
    {
        using CallRig rig = Ticking(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n").Send("hello").Send("world"));
        using UrllibResponse response = await rig.Send(mode, "GET", "/", _explained with { PreloadContent = false });
        Assert.Equal(TimeSpan.Zero, BodyTime(response));
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), BodyTime(response));
        await CallRig.ReadParts(mode, response);
        ExchangeReport report = response.Report!;
        rig.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromMilliseconds(1010), BodyTime(response));
        Assert.Equal(TimeSpan.FromMilliseconds(1020), report.Duration);
        Assert.Equal(report.ToString(), response.Report!.ToString());
        Assert.Equal(response.Connection.BytesRead + 10, report.Attempts[0].Connection!.BytesRead);

        static TimeSpan BodyTime(UrllibResponse response) => Assert.Single(response.Report!.Attempts).Phases[^1].Time;
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_wait_for_a_place_in_the_pool_is_told(Mode mode)
    {
        using CallRig rig = Ticking(
            new PoolOptions { MaxSize = 1, Block = true },
            new Dialogue().Repeat(2, static d => d.ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n").Send("ok")));
        using UrllibResponse first = await rig.Send(mode, "GET", "/", new() { PreloadContent = false });
        int timers = rig.Clock.PendingTimers;
        Task<UrllibResponse> second = rig.Send(mode, "GET", "/", _explained);
        rig.Clock.WaitUntilTimers(timers + 1);
        rig.Clock.Advance(TimeSpan.FromMilliseconds(250));
        await CallRig.ReadParts(mode, first);

        Assert.Equal(new PhaseTime(HttpPhase.PoolWait, TimeSpan.FromMilliseconds(255)), (await second).Report!.Attempts[0].Phases[0]);
    }

    [Fact]
    public void Addresses_are_told_with_what_became_of_them()
    {
        CallRecorder recorder = CallRecorder.For(explain: true, null, new VirtualTime())!;
        recorder.Begin("GET", Url.Parse("http://user:secret@example.com:81/?a=b"));
        recorder.Dialed(IPEndPoint.Parse("[::1]:81"), "refused");
        recorder.Dialed(IPEndPoint.Parse("127.0.0.1:81"), null);
        Assert.Equal(
            "1. GET http://example.com:81/?***\n   no connection; dialed [::1]:81 (refused), 127.0.0.1:81\n   no response\nin all 0 ms",
            recorder.Report()!.ToString());
    }

    private static CallRig Ticking(params Dialogue[] dialogues) => Ticking(null, dialogues);

    private static CallRig Ticking(PoolOptions? options, params Dialogue[] dialogues)
    {
        var clock = new VirtualTime();
        var peers = new Queue<Dialogue>(dialogues);
        return new CallRig(
            () => new TickingStream(new ScriptedPeer(peers.Dequeue(), clock).ClientEnd, clock), clock, options, TimeSpan.FromMilliseconds(2));
    }
}
