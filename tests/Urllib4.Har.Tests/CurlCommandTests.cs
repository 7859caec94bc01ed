using System.Diagnostics;
using System.Text;

namespace Urllib4.Har.Tests;

/// <summary>What a real shell and a real curl make of the command lines, against a server that keeps what came.</summary>
public sealed class CurlCommandTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    public static TheoryData<string> Awkward =>
        ["plain", "it's", "a \"b\" c", "$HOME `id` $(id) !! \\ ~ * ? [a] {b} ; & | < >", "caf\u00e9 \u00ff", "%41%%d", " -x --data @file", "#x", "\ttab\t-"];

    [Theory, MemberData(nameof(Awkward))]
    public void A_header_arrives_as_the_library_sends_it(string value) =>
        AssertSame("GET", new RequestOptions { Headers = { ["X-A"] = $"x{value}x", ["User-Agent"] = value.Trim(), ["Accept"] = "*/*" } });

    [Theory, MemberData(nameof(Awkward))]
    public void A_body_of_text_arrives_as_the_library_sends_it(string value) => AssertSame("POST", new RequestOptions { Body = value });

    [Theory]
    [InlineData("@/etc/passwd")]
    [InlineData("line\nline\r\n\nend\n")]
    [InlineData("")]
    [InlineData("\u20ac \ud83d\ude00 \u0001\u007f")]
    public void Bodies_that_mean_something_to_curl_or_the_shell_mean_nothing(string value) => AssertSame("PUT", new RequestOptions { Body = value });

    [Fact]
    public void A_body_of_any_bytes_arrives() =>
        AssertSame("POST", new RequestOptions { Body = Enumerable.Range(0, 1024).Select(static i => (byte)i).ToArray() });

    [Fact]
    public void A_body_that_is_longer_than_a_word_may_be_arrives() => AssertSame("POST", new RequestOptions { Body = new string('x', 300_000) });

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("DELETE")]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("M-SEARCH")]
    public void Every_method_arrives(string method) => AssertSame(method, new RequestOptions());

    [Fact]
    public void Fields_arrive_in_the_query_and_as_a_form()
    {
        AssertSame("GET", new RequestOptions { Fields = { ["q"] = "it's & caf\u00e9", ["n"] = 1 } });
        AssertSame("POST", new RequestOptions { Fields = { ["q"] = "it's & caf\u00e9" }, EncodeMultipart = false });
    }

    [Theory]
    [InlineData("/a/../b/./c?x=[1]&y={2}&z='")]
    [InlineData("/caf\u00e9/$HOME?`id`")]
    public void A_target_arrives(string target) => AssertSame("GET", new RequestOptions(), target);

    [Fact]
    public void Headers_without_a_value_and_headers_that_are_left_out_arrive_so() => AssertSame(
        "GET", new RequestOptions { Headers = { ["X-Empty"] = "", ["User-Agent"] = HttpHeaderDict.SkipHeader, ["Host"] = "other.example" } });

    [Fact]
    public void A_line_break_in_a_header_is_refused()
    {
        foreach (string value in new[] { "a\nb", "a\rb", "a\0b" })
        {
            Assert.ThrowsAny<Exception>(() => new RequestOptions { Headers = { ["X-A"] = value } }.ToCurl("GET", "http://h/"));
            Assert.Throws<ArgumentException>(() => new CurlWords("GET", "http://h/").Header("X-A", value));
        }
    }

    [Fact]
    public void What_cannot_be_shown_is_refused()
    {
        Assert.Throws<LocationParseException>(() => new RequestOptions().ToCurl("GET", "http://a b/"));
        Assert.Throws<InvalidRequestException>(() => new RequestOptions { Body = "x", Fields = { ["a"] = "b" } }.ToCurl("POST", "http://h/"));
        Assert.Throws<InvalidRequestException>(() =>
            new RequestOptions { Body = RequestBody.FromChunks([new byte[] { 1 }], null, replayable: false) }.ToCurl("POST", "http://h/"));
    }

    [Fact]
    public void A_recorded_attempt_can_be_made_again_without_its_secrets()
    {
        var recorder = new HarRecorder();
        using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using (var manager = new PoolManager(new PoolOptions { Events = recorder }))
            manager.Post(server.Url + "/x?y=1", new() { Body = "it's", Headers = { ["Authorization"] = "s3cret", ["X-A"] = "$x" } });

        Run(recorder.Entries[0].ToCurl());

        Assert.Equal("[redacted]", server.Requests[1]["Authorization"]);
        Assert.Equal("$x", server.Requests[1]["X-A"]);
        Assert.Equal(server.Requests[0].Target, server.Requests[1].Target);
        Assert.Equal("it's", server.Requests[1].Text);
    }

    [Fact]
    public void The_manner_of_the_manager_is_in_it()
    {
        string line = new RequestOptions { Redirect = false }.ToCurl("GET", "https://h/", new PoolOptions
        {
            HttpVersions = HttpVersions.Http11 | HttpVersions.Http2,
            Proxy = "http://u:p@proxy:3128",
            Tls = new TlsOptions { DangerousAcceptAnyCertificate = true },
            Timeout = HttpTimeout.Seconds(total: 2.5),
            Headers = { ["X-All"] = "1" },
        });

        Assert.Contains(" --http2 --insecure --proxy ", line, StringComparison.Ordinal);
        Assert.Contains(" --max-time 2.5 ", line, StringComparison.Ordinal);
        Assert.Contains(" -H 'X-All: 1'", line, StringComparison.Ordinal);
        Assert.DoesNotContain("--location", line, StringComparison.Ordinal);
        Assert.Contains("--location", new RequestOptions().ToCurl("GET", "https://h/"), StringComparison.Ordinal);
    }

    // Sends the request with the library and then with what it says for curl, and compares all that came.
    private static void AssertSame(string method, RequestOptions options, string target = "/")
    {
        using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using (var manager = new PoolManager())
            manager.Request(method, server.Url + target, options);

        string line = options.ToCurl(method, server.Url + target);
        Run(line.Replace("curl ", "curl -H 'User-Agent: urllib4/0.1' ", StringComparison.Ordinal)
            .Replace(" -H 'User-Agent:'", options.Headers.Contains("User-Agent") ? " -H 'User-Agent:'" : "", StringComparison.Ordinal)
            .Replace("curl -H 'User-Agent: urllib4/0.1' ", options.Headers.Contains("User-Agent") ? "curl " : "curl -H 'User-Agent: urllib4/0.1' ", StringComparison.Ordinal));

        Assert.Equal(2, server.Requests.Count);
        ReceivedRequest own = server.Requests[0], curls = server.Requests[1];
        Assert.Equal(own.Method, curls.Method);
        Assert.Equal(own.Target, curls.Target);
        Assert.Equal(own.Body, curls.Body);
        Assert.Equal(Sorted(own), Sorted(curls));
    }

    private static IEnumerable<string> Sorted(ReceivedRequest request) =>
        request.Headers.Select(static h => $"{h.Key.ToUpperInvariant()}: {h.Value}").Order(StringComparer.Ordinal);

    private static void Run(string line)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            Environment = { ["http_proxy"] = "", ["LC_ALL"] = "C.UTF-8" },
        })!;
        shell.StandardInput.Write(line.Replace("curl ", "curl --silent --show-error --max-time 60 ", StringComparison.Ordinal));
        shell.StandardInput.Close();
        string errors = shell.StandardError.ReadToEnd();
        Assert.True(shell.WaitForExit(120_000), "curl does not end.");
        Assert.True(shell.ExitCode == 0, $"{line}\n{errors}");
    }
}
