using System.Text;
using System.Text.Json;

namespace Urllib4.Har.Tests;

public sealed class HarRecorderTests : ModeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_call_is_written_as_the_specification_wants_it(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue()
                .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /b?x=1\r\nContent-Length: 0\r\nSet-Cookie: a=1; Path=/; Secure; HttpOnly\r\n\r\n")
                .ExpectRequest().Send("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n")
                .ExpectRequest().Send(Ok));
        var recorder = new HarRecorder();
        await using (var manager = new PoolManager(new PoolOptions { Events = recorder }))
        {
            await Send(mode, manager, "GET", $"{server.Url}/a?q=caf%C3%A9&empty", new()
            {
                Headers = { ["Cookie"] = "c=1; d=2" },
                Retries = new Retry { Total = 3, StatusForcelist = [503], BackoffFactor = 0 },
            });
        }

        JsonElement[] entries = Entries(recorder);

        Assert.Equal([302, 503, 200], entries.Select(static e => e.GetProperty("response").GetProperty("status").GetInt32()));
        Assert.Equal(["Call", "Redirect", "Retry"], entries.Select(static e => e.GetProperty("_cause").GetString()));
        JsonElement first = entries[0].GetProperty("request");
        Assert.Equal("""[{"name":"q","value":"caf\u00E9"},{"name":"empty","value":""}]""", JsonSerializer.Serialize(first.GetProperty("queryString")));
        Assert.Equal("127.0.0.1", entries[0].GetProperty("serverIPAddress").GetString());
        Assert.Equal("/b?x=1", entries[0].GetProperty("response").GetProperty("redirectURL").GetString());
        Assert.True(entries[0].GetProperty("response").GetProperty("cookies")[0].GetProperty("httpOnly").GetBoolean());
        Assert.Equal("ok", entries[2].GetProperty("response").GetProperty("content").GetProperty("text").GetString());
        Assert.True(entries[0].GetProperty("timings").GetProperty("connect").GetDouble() > 0);
        Assert.Equal(-1, entries[1].GetProperty("timings").GetProperty("connect").GetDouble());
        Assert.Equal(-1, entries[1].GetProperty("timings").GetProperty("ssl").GetDouble());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_call_that_fails_says_so(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send("nonsense\r\n\r\n"));
        var recorder = new HarRecorder();
        await using var manager = new PoolManager(new PoolOptions { Events = recorder, Retries = Retry.None });

        await Assert.ThrowsAnyAsync<HttpException>(() => Send(mode, manager, "GET", server.Url, null));

        JsonElement entry = Assert.Single(Entries(recorder));
        Assert.Equal(0, entry.GetProperty("response").GetProperty("status").GetInt32());
        Assert.NotEmpty(entry.GetProperty("_error").GetString()!);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Secrets_are_not_written_unless_that_is_asked_for(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(
            "HTTP/1.1 200 OK\r\nSet-Cookie: id=s3cret; Path=/\r\nContent-Location: http://u:s3cret@h/x?token=s3cret\r\nContent-Length: 0\r\n\r\n")));
        string url = server.Url.Replace("//", "//user:s3cret@", StringComparison.Ordinal) + "/?access_token=s3cret&q=1#s3cret";
        var careful = new HarRecorder();
        var open = new HarRecorder(new HarOptions { DangerousKeepSecrets = true });
        foreach (HarRecorder recorder in new[] { careful, open })
        {
            await using var manager = new PoolManager(new PoolOptions { Events = recorder });
            await Send(mode, manager, "POST", url, new()
            {
                Headers = { ["Authorization"] = "Bearer s3cret", ["Proxy-Authorization"] = "s3cret", ["Cookie"] = "a=s3cret", ["X-Api-Key"] = "s3cret" },
                Body = RequestBody.Form([new("password", "s3cret"), new("name", "n")]),
            });
        }

        Assert.DoesNotContain("s3cret", Text(careful), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", careful.Entries[0].Attempt.ToString(), StringComparison.Ordinal);
        Assert.Equal(12, Text(open).Split("s3cret").Length - 1);
        Assert.Empty(HarSchema.Faults(Text(open)));
    }

    [Theory]
    [InlineData("text/plain", "caf\u00e9", null)]
    [InlineData("application/problem+json", "{}", null)]
    [InlineData("text/plain", "\0\x80", "base64")]
    [InlineData("image/png", "png", "base64")]
    [InlineData("text/plain; charset=iso-8859-1", "\xe9", null)]
    public async Task Bodies_are_text_or_base64(string type, string octetsOrText, string? encoding)
    {
        byte[] bytes = type.Contains("8859", StringComparison.Ordinal) || encoding is not null
            ? Encoding.Latin1.GetBytes(octetsOrText)
            : Encoding.UTF8.GetBytes(octetsOrText);
        await using var server = MisbehavingServer.Start(new Dialogue()
            .ExpectRequest().Send($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {bytes.Length}\r\n\r\n").Send(bytes));
        var recorder = new HarRecorder();
        await using var manager = new PoolManager(new PoolOptions { Events = recorder });

        manager.Post(server.Url, new() { Body = RequestBody.FromBytes(bytes, type) });

        JsonElement entry = Assert.Single(Entries(recorder));
        JsonElement content = entry.GetProperty("response").GetProperty("content");
        JsonElement posted = entry.GetProperty("request").GetProperty("postData");
        string expected = encoding is null ? octetsOrText : Convert.ToBase64String(bytes);
        Assert.Equal(expected, content.GetProperty("text").GetString());
        Assert.Equal(expected, posted.GetProperty("text").GetString());
        Assert.Equal(encoding, content.TryGetProperty("encoding", out JsonElement e) ? e.GetString() : null);
        Assert.Equal(encoding, posted.TryGetProperty("_encoding", out e) ? e.GetString() : null);
    }

    [Fact]
    public async Task A_long_body_is_cut_and_says_so()
    {
        const string body = "\u00e9\u00e9\u00e9";
        await using var server = MisbehavingServer.Start(new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\n\xc3\xa9\xc3\xa9\xc3\xa9"));
        var recorder = new HarRecorder(new HarOptions { MaxBodyBytes = 3 });
        await using var manager = new PoolManager(new PoolOptions { Events = recorder });

        manager.Post(server.Url, new() { Body = body });

        JsonElement entry = Assert.Single(Entries(recorder));
        JsonElement content = entry.GetProperty("response").GetProperty("content");
        Assert.Equal("\u00e9", content.GetProperty("text").GetString());
        Assert.Equal(6, content.GetProperty("size").GetInt64());
        Assert.Equal("cut: 3 of 6 bytes are kept", content.GetProperty("comment").GetString());
        Assert.Equal("cut: 3 of 6 bytes are kept", entry.GetProperty("request").GetProperty("postData").GetProperty("comment").GetString());
        Assert.Throws<InvalidOperationException>(recorder.Entries[0].ToCurl);
        Assert.Equal(body, server.Requests[0].Text);
    }

    [Fact]
    public async Task A_body_that_can_be_read_once_is_sent_and_not_kept()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        var recorder = new HarRecorder();
        await using var manager = new PoolManager(new PoolOptions { Events = recorder });

        manager.Post(server.Url, new() { Body = RequestBody.FromChunks([new byte[] { 65 }], "text/plain", replayable: false) });

        Assert.Equal("A", server.Requests[0].Text);
        JsonElement posted = Assert.Single(Entries(recorder)).GetProperty("request").GetProperty("postData");
        Assert.Equal("the body can be read only once", posted.GetProperty("comment").GetString());
    }

    [Fact]
    public async Task The_oldest_entries_go_first()
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        var recorder = new HarRecorder(new HarOptions { MaxEntries = 2 });
        await using var manager = new PoolManager(new PoolOptions { Events = recorder });

        foreach (string path in new[] { "/1", "/2", "/3" })
            manager.Get(server.Url + path);

        Assert.Equal(["/2", "/3"], recorder.Entries.Select(static e => e.Attempt.Url.Path));
        recorder.Clear();
        Assert.Empty(recorder.Entries);
    }

    [Fact]
    public void A_file_is_complete_or_not_there()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.FullName, "a.har");
        new HarRecorder().Save(path);

        Assert.Empty(HarSchema.Faults(File.ReadAllText(path)));
        Assert.Equal([path], Directory.GetFiles(directory.FullName));
        Assert.ThrowsAny<IOException>(() => new HarRecorder().Save(Path.Combine(directory.FullName, "none", "a.har")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"log":{"version":"1.2","creator":{"name":"a"},"entries":[]}}""")]
    [InlineData("""{"log":{"version":"1.2","creator":{"name":"a","version":"1"},"entries":[],"more":1}}""")]
    [InlineData("""{"log":{"version":1.2,"creator":{"name":"a","version":"1"},"entries":[]}}""")]
    [InlineData("""{"log":{"version":"1.2","creator":{"name":"a","version":"1"},"entries":[{}]}}""")]
    public void A_file_that_breaks_a_rule_is_noticed(string json) => Assert.NotEmpty(HarSchema.Faults(json));

    private static Task<UrllibResponse> Send(Mode mode, PoolManager manager, string method, string url, RequestOptions? options) =>
        Call(mode, () => manager.Request(method, url, options), () => manager.RequestAsync(method, url, options));

    private static string Text(HarRecorder recorder)
    {
        using var stream = new MemoryStream();
        recorder.WriteTo(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static JsonElement[] Entries(HarRecorder recorder)
    {
        string json = Text(recorder);
        Assert.Empty(HarSchema.Faults(json));
        return [.. JsonDocument.Parse(json).RootElement.GetProperty("log").GetProperty("entries").EnumerateArray()];
    }
}
