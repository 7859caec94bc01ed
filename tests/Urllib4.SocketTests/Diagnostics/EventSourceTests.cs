using System.Text.RegularExpressions;
using Urllib4.Diagnostics;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Diagnostics;

[Collection(AloneGroup.Name)]
public sealed partial class EventSourceTests : ClientTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_call_is_logged_step_by_step(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Close());
        using var events = new LoggedEvents();
        await using (var manager = new PoolManager(new PoolOptions { Retries = Retry.None }))
        {
            await Send(mode, manager, "GET", server.Url + "/a?token=x");
            await Fails<ConnectionClosedException>(Send(mode, manager, "POST", server.Url, new() { Body = "x" }));
        }

        string origin = $"http://127.0.0.1:{server.Port}";
        Assert.Equal(
            [
                $"RequestStart(N, 1, Call, GET, {origin}/a?***)",
                "PhaseEnded(N, 1, Resolve, N)",
                $"ConnectionOpened(N, {origin}, 127.0.0.1:{server.Port})",
                "PhaseEnded(N, 1, Connect, N)", "PhaseEnded(N, 1, Send, N)", "PhaseEnded(N, 1, Head, N)",
                "RequestStop(N, 1, 200, N)",
                "PhaseEnded(N, 1, Body, N)",
                $"RequestStart(N, 1, Call, POST, {origin})",
                "PhaseEnded(N, 1, Send, N)", "PhaseEnded(N, 1, Head, N)",
                "RequestFailed(N, 1, response_ended, The server closed the connection before the first byte of a response.)",
                $"ConnectionClosed(N, {origin}, 2, N)",
            ],
            events.All.Select(Anonymous));
    }

    [Fact]
    public void A_name_that_is_stale_is_told_of_and_no_other()
    {
        using var events = new LoggedEvents();
        var attempt = new HttpAttempt(7, 1, AttemptCause.Call, "GET", Url.Parse("http://a.test/"));
        EventSourceWriter.Instance.Resolved(attempt, new("a.test", [], NameSource.Memory, TimeSpan.Zero, null));
        EventSourceWriter.Instance.Resolved(attempt, new("a.test", [], NameSource.Stale, TimeSpan.FromSeconds(2), "no luck"));
        Assert.Equal("StaleName(7, 1, a.test, 2000, no luck)", Assert.Single(events.All));
    }

    [Fact]
    public void The_manifest_is_sound() =>
        Assert.NotNull(UrllibEventSource.GenerateManifest(
            typeof(UrllibEventSource), null, System.Diagnostics.Tracing.EventManifestOptions.Strict));

    // Numbers of calls and connections differ from run to run, and so do times.
    private static string Anonymous(string text) => Last().Replace(Numbers().Replace(text, "(N"), ", N)");

    [GeneratedRegex(@"\(\d+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@", [\d.E-]+\)$")]
    private static partial Regex Last();
}
