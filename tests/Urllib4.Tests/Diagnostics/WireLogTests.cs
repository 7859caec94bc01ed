using System.Text.RegularExpressions;
using Urllib4.TestKit;
using Urllib4.Tests.Managers;

namespace Urllib4.Tests.Diagnostics;

public sealed class WireLogTests : ModeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_call_is_written_as_curl_writes_it_and_without_its_secrets(Mode mode)
    {
        var output = new StringWriter { NewLine = "\n" };
        using CallRig rig = Rig(output, new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 103 Early\r\nLink: </s3cret>\r\n\r\n"
                + "HTTP/1.1 200 Fine\r\nContent-Type: text/plain\r\nSet-Cookie: s3cret=1\r\nContent-Length: 2\r\n\r\nok"));

        await rig.Send(mode, "POST", "/a?token=s3cret#s3cret", new()
        {
            Headers = { ["Accept"] = "text/plain", ["Authorization"] = "Bearer s3cret", ["X-Api-Key"] = "s3cret", ["Cookie"] = "s3cret" },
            Body = "s3cret",
        });

        Assert.Equal(
            """
            [N-1] * POST http://example.com/a?***
            [N-1] * Resolve 0 ms
            * opened connection #N to http://example.com
            [N-1] * Connect 0 ms
            [N-1] * got a new connection #N, 0 bytes out, 0 in
            [N-1] > POST /a?*** HTTP/1.1
            [N-1] > Host: example.com
            [N-1] > Accept: text/plain
            [N-1] > Authorization: [redacted]
            [N-1] > X-Api-Key: [redacted]
            [N-1] > Cookie: [redacted]
            [N-1] > Content-Type: text/plain; charset=utf-8
            [N-1] > Content-Length: 6
            [N-1] >
            [N-1] * Send 0 ms
            [N-1] < HTTP/1.1 103
            [N-1] < Link: [redacted]
            [N-1] <
            [N-1] < HTTP/1.1 200 Fine
            [N-1] < Content-Type: text/plain
            [N-1] < Set-Cookie: [redacted]
            [N-1] < Content-Length: 2
            [N-1] <
            [N-1] * Head 0 ms
            [N-1] * Body 0 ms
            [N-1] * let go of a new connection #N, B bytes out, B in

            """.ReplaceLineEndings("\n"),
            Anonymous(output));
        Assert.DoesNotContain("s3cret", output.ToString(), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Retries_redirects_and_failures_say_why_there_is_another_attempt(Mode mode)
    {
        var output = new StringWriter { NewLine = "\n" };
        using CallRig rig = Rig(output, new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /b?s3cret\r\nContent-Length: 0\r\n\r\n")
            .ExpectRequest().Send("garbage\r\n\r\n"));

        await Assert.ThrowsAsync<ProtocolException>(() => rig.Send(mode, "POST", "/"));

        string text = Anonymous(output);
        Assert.Contains("[N-1] < Location: [redacted]\n", text, StringComparison.Ordinal);
        Assert.Contains("[N-1] * goes on after 0 ms: ", text, StringComparison.Ordinal);
        Assert.Contains("[N-2] * GET http://example.com/b?*** (Redirect)\n", text, StringComparison.Ordinal);
        Assert.Contains("[N-2] * failed with ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_talk_with_a_proxy_is_written_too(Mode mode)
    {
        var output = new StringWriter { NewLine = "\n" };
        var dialer = new MemoryDialer(new Dialogue().ExpectHead()
            .Send("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"s3cret\"\r\nContent-Length: 0\r\n\r\n"));
        using var manager = new PoolManager(new PoolOptions
        {
            Dialer = dialer,
            Clock = dialer.Time,
            Events = new WireLog(output),
            Proxy = "http://user:s3cret@proxy.example:3128",
        });

        await Assert.ThrowsAnyAsync<HttpException>(() => Call(mode, () => manager.Get("https://h/a"), () => manager.GetAsync("https://h/a")));

        string text = Anonymous(output);
        Assert.Contains("[N-1] > CONNECT h:443 HTTP/1.1\n[N-1] > Host: h:443\n", text, StringComparison.Ordinal);
        Assert.Contains("[N-1] > Proxy-Authorization: [redacted]\n", text, StringComparison.Ordinal);
        Assert.Contains("[N-1] < HTTP/1.1 407 No\n[N-1] < Proxy-Authenticate: [redacted]\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_calls_at_the_same_time_are_whole_and_tell_whose_they_are()
    {
        var output = new StringWriter { NewLine = "\n" };
        var dialer = new MemoryDialer(static (_, _) => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var manager = new PoolManager(new PoolOptions { Dialer = dialer, Clock = dialer.Time, Events = new WireLog(output) });

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => OnThread(() =>
            manager.Get("http://h/", new() { Headers = { ["Accept"] = $"a/{i}" } }))));

        string[][] heads = [.. Regex.Matches(output.ToString(), @"(\[\d+-1\] > .*\n)+").Select(static m => m.Value.TrimEnd().Split('\n'))];
        Assert.Equal(16, heads.Length);
        Assert.All(heads, static head => Assert.Single(head.Select(static line => line[..line.IndexOf(' ', StringComparison.Ordinal)]).Distinct()));
        Assert.Equal(16, heads.Select(static h => h.Single(static l => l.Contains("> Accept: ", StringComparison.Ordinal)).Split(' ')[^1]).Distinct().Count());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_log_that_cannot_be_written_ends_no_call(Mode mode)
    {
        var output = new StreamWriter(new MemoryStream());
        output.Dispose();
        using CallRig rig = CallRig.Over(new PoolOptions { Events = new WireLog(output) }, new Dialogue().ExpectRequest().Send(Ok));
        Assert.Equal(200, (await rig.Send(mode, "GET", "/")).Status);
        Assert.Throws<ArgumentNullException>(static () => new WireLog(null!));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_listener_is_told_the_heads_as_they_are_and_what_it_throws_ends_the_call(Mode mode)
    {
        var heads = new Heads();
        using (CallRig rig = CallRig.Over(new PoolOptions { Events = heads }, new Dialogue().ExpectRequest().Send(Ok)))
            await rig.Send(mode, "GET", "/a?b", new() { Headers = { ["X-Api-Key"] = "k" } });
        Assert.Equal(["GET /a?b [Host: example.com, X-Api-Key: k]", "200 OK [Content-Length: 0]"], heads.Told);

        heads.Throws = true;
        using CallRig other = CallRig.Over(new PoolOptions { Events = heads }, new Dialogue().ExpectRequest().Send(Ok));
        await Assert.ThrowsAsync<TimeoutException>(() => other.Send(mode, "GET", "/"));
        Assert.Equal(0, other.Counts.Busy);
    }

    private static CallRig Rig(TextWriter output, Dialogue dialogue) => CallRig.Over(new PoolOptions { Events = new WireLog(output) }, dialogue);

    private static string Anonymous(TextWriter output) =>
        Regex.Replace(Regex.Replace(CallRig.Anonymous(output.ToString()!), @"\[\d+-", "[N-"), @"[1-9]\d* bytes out, [1-9]\d* in", "B bytes out, B in");

    private sealed class Heads : HttpEvents
    {
        public List<string> Told { get; } = [];

        public bool Throws { get; set; }

        public override void Sending(HttpAttempt attempt, string method, string target, HttpHeaderDict headers)
        {
            Assert.Throws<InvalidOperationException>(() => headers["X-A"] = "1");
            Told.Add($"{method} {target} [{string.Join(", ", headers.Select(static h => $"{h.Key}: {h.Value}"))}]");
            if (Throws)
                throw new TimeoutException("mine");
        }

        public override void Received(HttpAttempt attempt, int status, string reason, Version version, HttpHeaderDict headers)
        {
            Assert.Throws<InvalidOperationException>(() => headers["X-A"] = "1");
            Told.Add($"{status} {reason} [{string.Join(", ", headers.Select(static h => $"{h.Key}: {h.Value}"))}]");
        }
    }
}
