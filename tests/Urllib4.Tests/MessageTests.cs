using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Urllib4.TestKit;
using Urllib4.Tests.Managers;

namespace Urllib4.Tests;

/// <summary>
/// What people read when something fails, side by side in <c>Messages.approved.txt</c>, so that it can be reviewed as a whole. Each says
/// what happened, where, whose doing it was, and, where there is something to do, what to do next.
/// </summary>
public sealed class MessageTests : ModeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /// <summary>Mistakes that are found before anything moves.</summary>
    private static readonly (string Name, Action Make)[] _mistakes =
    [
        ("an empty URL", static () => Get("")),
        ("a path on a manager", static () => Get("/x?token=secret")),
        ("a URL without a scheme", static () => Get("example.com/x?token=secret")),
        ("a host with its port", static () => Get("localhost:8080/x?token=secret")),
        ("a host name with its port", static () => Get("example.com:8080/x")),
        ("no scheme but slashes", static () => Get("//example.com/x")),
        ("another scheme", static () => Get("ftp://example.com/x")),
        ("user information without a scheme", static () => Get("user:secret@example.com/x")),
        ("one slash", static () => Get("http:/example.com/x")),
        ("no host", static () => Get("http:///x")),
        ("a blank in the host", static () => Get("http://exa mple.com/")),
        ("an escape in the host", static () => Get("http://exa%2Fmple.com/")),
        ("a port out of range", static () => Get("http://example.com:99999/")),
        ("an address in an odd form", static () => Get("http://127.1/")),
        ("an open bracket", static () => Get("http://[::1/")),
        ("a line break in a URL", static () => Get("http://example.com/\r\nX: y")),
        ("a method of two words", static () => Get("http://example.com/", "G T")),
        ("a name that is no token", static () => _ = new HttpHeaderDict { ["X Y"] = "secret" }),
        ("a value with a line break", static () => _ = new HttpHeaderDict { ["X-Y"] = "secret\r\nX: y" }),
        ("a body and fields", static () => Get("http://example.com/", "POST", new() { Body = "a"u8.ToArray(), Fields = [new("a", "b")] })),
        ("a URL as a host", static () => new HttpConnectionPool("http://example.com").Dispose()),
        ("a host with a path", static () => new HttpConnectionPool("example.com/x").Dispose()),
        ("a port in the host", static () => new HttpConnectionPool("example.com:8080").Dispose()),
        ("no host for a pool", static () => new HttpConnectionPool("").Dispose()),
        ("port 0", static () => new HttpConnectionPool("example.com", 0).Dispose()),
        ("another scheme for a pool", static () => new PoolManager().ConnectionFromHost("example.com", null, "ftp")),
        ("a proxy with a host and a port", static () => _ = new ProxyOptions("localhost:3128")),
        ("a proxy without a scheme", static () => _ = new ProxyOptions("proxy.example:3128")),
        ("a proxy of another scheme", static () => _ = new ProxyOptions("ftp://user:secret@proxy.example")),
        ("a timeout of nothing, in seconds", static () => HttpTimeout.Seconds(connect: 0)),
        ("a timeout of nothing", static () => _ = new HttpTimeout { Read = TimeSpan.Zero }),
        ("a rate that is no number", static () => _ = new HttpTimeout { MinimumBytesPerSecond = double.NaN }),
        ("no connection at all", static () => _ = new PoolOptions { MaxSize = 0 }),
        ("fewer retries than none", static () => _ = new Retry { Total = -2 }),
        ("a fingerprint by SHA-1", static () => _ = new TlsOptions { AssertFingerprint = "00112233445566778899aabbccddeeff00112233" }),
        ("two proxies in a row", static () => _ = new ProxyOptions("http://a.example") { Via = "http://b.example" }),
        ("a disposed manager", DisposedManager),
        ("a redirect to plain http", static () => throw new RedirectException(Url.Parse("https://a.example/"), "http://a.example/x?token=secret", RedirectRule.HttpsToHttp)),
        ("a name that nobody knows", static () => throw new NameResolutionException("example.com", "the resolver knows no such host")),
    ];

    /// <summary>Calls that fail on their way, with what the server does.</summary>
    private static readonly (string Name, Func<RequestOptions> Options, Func<Dialogue> Peer)[] _calls =
    [
        ("closed before a response", static () => new() { Retries = Retry.None }, static () => new Dialogue().ExpectRequest().Close()),
        ("cut in the head", static () => new() { Retries = Retry.None }, static () => new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nA").Close()),
        ("cut in the body", static () => new(), static () => new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").Close()),
        ("not HTTP", static () => new(), static () => new Dialogue().ExpectRequest().Send("SSH-2.0-OpenSSH_9.6\r\n")),
        ("two lengths", static () => new(), static () => new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")),
        ("a broken chunk", static () => new(), static () => new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")),
        ("a broken coding", static () => new(), static () => new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok")),
        ("too long a head", static () => new(), static () => new Dialogue().ExpectRequest().Send($"HTTP/1.1 200 OK\r\nA: {new string('a', 70_000)}\r\n\r\n")),
        ("a status that stays", static () => new() { Retries = new() { Total = 1, StatusForcelist = [503] } }, static () => new Dialogue().Repeat(2, static d => d.ExpectRequest().Send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"))),
        ("a body that can be read once", static () => new() { Body = RequestBody.FromChunks([new byte[3]], replayable: false) }, static () => Redirect("/b", "307 Again")),
        ("a redirect that is not counted on", static () => new() { Retries = 0 }, static () => Redirect("/b")),
        ("a redirect to another host", static () => new(), static () => Redirect("http://else.example/?token=secret")),
        ("a redirect by mail", static () => new(), static () => Redirect("mailto:a@b.c")),
        ("a redirect into the file system", static () => new(), static () => Redirect("file:///etc/passwd")),
        ("a redirect without a host", static () => new(), static () => Redirect("http:///x")),
        ("a redirect to a bad port", static () => new(), static () => Redirect("http://h:port/")),
        ("a redirect to a blank", static () => new(), static () => Redirect("//h h/")),
        ("a redirect to two places", static () => new(), static () => new Dialogue().ExpectRequest().Send("HTTP/1.1 302 Go\r\nLocation: /b\r\nLocation: /c\r\nContent-Length: 0\r\n\r\n")),
        ("a redirect in a circle", static () => new(), static () => new Dialogue().Loop(static d => d.ExpectRequest().Send("HTTP/1.1 302 Go\r\nLocation: /a?token=secret\r\nContent-Length: 0\r\n\r\n"))),
    ];

    [Theory, ClassData(typeof(BothModes))]
    public async Task Every_message_reads_as_it_was_approved(Mode mode)
    {
        var page = new StringBuilder();
        foreach ((string name, Action make) in _mistakes)
            Write(page, name, Assert.IsAssignableFrom<Exception>(Record.Exception(make)));
        foreach ((string name, Func<RequestOptions> make, Func<Dialogue> peer) in _calls)
        {
            using CallRig rig = CallRig.Over(null, peer());
            RequestOptions options = make();
            string method = options.Body is null ? "GET" : "PUT";
            Write(page, name, await Assert.ThrowsAnyAsync<HttpException>(() => rig.Send(mode, method, "/a?token=secret", options)));
        }

        Write(page, "a full pool", await FullPool(mode));
        string text = page.ToString();
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        string path = Path.Combine(Root(), "tests", "Urllib4.Tests", "Messages.approved.txt");
        if (Environment.GetEnvironmentVariable("URLLIB4_APPROVE") == "1")
            await File.WriteAllTextAsync(path, text);
        Assert.True(await File.ReadAllTextAsync(path) == text, $"The messages are not the approved ones; run with URLLIB4_APPROVE=1.\n{text}");
    }

    private static void Get(string url, string method = "GET", RequestOptions? options = null)
    {
        using var manager = new PoolManager();
        manager.Request(method, url, options);
    }

    private static Dialogue Redirect(string location, string status = "302 Go") =>
        new Dialogue().ExpectRequest().Send($"HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");

    private static void DisposedManager()
    {
        var manager = new PoolManager();
        manager.Dispose();
        manager.Request("GET", "http://example.com/?token=secret");
    }

    private static async Task<Exception> FullPool(Mode mode)
    {
        using CallRig rig = CallRig.Over(
            new PoolOptions { MaxSize = 1, Block = true, Timeout = new() { Pool = TimeSpan.FromSeconds(5) } },
            new Dialogue().ExpectRequest().Send(Ok));
        using UrllibResponse kept = await rig.Send(mode, "GET", "/", new() { PreloadContent = false });
        Task<UrllibResponse> call = rig.Send(mode, "GET", "/a?token=secret");
        while (!call.IsCompleted)
        {
            if (rig.Clock.PendingTimers > 0)
                rig.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(call, Task.Delay(1));
        }

        return await Assert.ThrowsAsync<PoolTimeoutException>(() => call);
    }

    private static void Write(StringBuilder page, string name, Exception error) => page.Append(
        CultureInfo.InvariantCulture, $"{name}\n    {error.GetType().Name}: {Anonymous(error.Message).ReplaceLineEndings("\n    ")}\n\n");

    // How late a limit is noticed depends on the machine.
    private static string Anonymous(string message) => Regex.Replace(CallRig.Anonymous(message), @"waited \d+ s", "waited N s");

    private static string Root()
    {
        string at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Urllib4.slnx")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("Urllib4.slnx was not found above the tests.");
        return at;
    }
}
