using System.Text.Json;

namespace Urllib4.Cli.Tests;

public sealed class RequestTests : CliTests
{
    [Fact]
    public async Task The_bytes_of_the_body_go_into_a_pipe_as_they_are()
    {
        byte[] body = [.. Enumerable.Range(0, 256).Select(static i => (byte)i)];
        await using var server = MisbehavingServer.Start(new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 256\r\n\r\n").Send(body));

        using var process = Start("get", server.Url);
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();

        Assert.Equal(body, output.ToArray());
        Assert.Equal(0, process.ExitCode);
        Assert.Empty(await process.StandardError.ReadToEndAsync());
    }

    [Theory]
    [InlineData("get", "GET")]
    [InlineData("post", "POST")]
    [InlineData("put", "PUT")]
    [InlineData("patch", "PATCH")]
    [InlineData("delete", "DELETE")]
    [InlineData("options", "OPTIONS")]
    public async Task Every_command_sends_its_method(string command, string method)
    {
        await using var server = Always();
        Assert.Equal(new Outcome(0, "ok", ""), await Run(command, server.Url[7..] + "/a?b=1", "--query", "c=d e&f"));
        Assert.Equal((method, "/a?b=1&c=d%20e%26f"), (server.Requests[0].Method, server.Requests[0].Target));
    }

    [Fact]
    public async Task Any_method_and_a_head_can_be_asked_for()
    {
        await using var server = Always("HTTP/1.1 200 Fine\r\nX-A: b\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal("HTTP/1.1 200 Fine\nX-A: b\nContent-Length: 0\n\n", (await Run("request", "PURGE", server.Url, "-i")).Output);
        Assert.Equal("PURGE", server.Requests[0].Method);
        Assert.Contains("X-A: b", (await Run("head", server.Url)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_are_set_added_left_out_and_sent_empty()
    {
        await using var server = Always();
        await Run("get", server.Url, "-H", "X-A: 1", "-H", "X-A: caf\u00e9", "-H", "User-Agent:", "--header", "X-Empty;");
        ReceivedRequest request = server.Requests[0];
        Assert.Equal(["1", "caf\u00c3\u00a9"], request.ValuesOf("X-A"));
        Assert.Null(request["User-Agent"]);
        Assert.Equal("", request["X-Empty"]);
    }

    [Fact]
    public async Task Bodies_come_from_arguments_files_and_the_standard_input()
    {
        await using var server = Always();
        await File.WriteAllTextAsync(Path.Combine(Folder, "body"), "from a file");
        await Run("post", server.Url, "--data", "text");
        await Run("post", server.Url, "--data", "@body");
        await RunWith("from a pipe", "post", server.Url, "--data", "-");
        await Run("post", server.Url, "--json", """{"a":1}""");
        await Run("post", server.Url, "--form", "a=b c", "--form", "d=\u00e9");
        await Run("post", server.Url, "--form", "a=b", "--file", "f=@body");

        Assert.Equal(["text", "from a file", "from a pipe", """{"a":1}""", "a=b+c&d=%C3%A9"], server.Requests.Take(5).Select(static r => r.Text));
        Assert.Equal("application/json", server.Requests[3]["Content-Type"]);
        Assert.Equal("application/x-www-form-urlencoded", server.Requests[4]["Content-Type"]);
        Assert.StartsWith("multipart/form-data", server.Requests[5]["Content-Type"]!, StringComparison.Ordinal);
        Assert.Contains("filename=\"body\"", server.Requests[5].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_one_is_is_said_in_the_way_that_was_asked_for()
    {
        await using var server = Always();
        await Run("get", server.Url, "--auth", "u:p:w");
        await Run("get", server.Url, "--bearer", "t");
        Assert.Equal(["Basic dTpwOnc=", "Bearer t"], server.Requests.Select(static r => r["Authorization"]));

        await using var asking = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Respond(static r =>
            r["Authorization"] is null ? "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=r, nonce=n, qop=auth\r\nContent-Length: 0\r\n\r\n" : Ok)));
        Assert.Equal(0, (await Run("get", asking.Url, "--auth", "u:p", "--digest")).Code);
        Assert.StartsWith("Digest username=\"u\"", asking.Requests[1]["Authorization"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_followed_unless_it_is_to_be_seen()
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Respond(static r =>
            r.Target == "/" ? "HTTP/1.1 302 There\r\nLocation: /b\r\nContent-Length: 4\r\n\r\nhere" : Ok)));
        Assert.Equal("ok", (await Run("get", server.Url)).Output);
        Assert.Equal(new Outcome(0, "here", ""), await Run("get", server.Url, "--no-redirect"));
    }

    [Fact]
    public async Task Retries_are_made_when_they_are_asked_for()
    {
        await using var server = MisbehavingServer.Start(static i => i == 0
            ? new Dialogue().ExpectRequest().Send("HTTP/1.1 503 Later\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            : new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        Assert.Equal("ok", (await Run("get", server.Url, "--retry", "1")).Output);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_host_is_dialed_where_the_command_line_says()
    {
        await using var server = Always();
        Assert.Equal("ok", (await Run("get", $"http://name.test:{server.Port}/", "--resolve", $"name.test:{server.Port}:127.0.0.1")).Output);
        Assert.Equal("ok", (await Run("get", "http://name.test/", "--connect-to", $"name.test:80:localhost:{server.Port}")).Output);
        Assert.Equal([$"name.test:{server.Port}", "name.test"], server.Requests.Select(static r => r["Host"]));
    }

    [Fact]
    public async Task Tls_is_checked_against_what_is_given()
    {
        using var authority = new CertificateAuthority();
        await using var server = MisbehavingServer.Start(_ => new Dialogue().StartTls(authority.Issue("localhost")).Loop(static d => d.ExpectRequest().Send(Ok)));
        await File.WriteAllTextAsync(Path.Combine(Folder, "ca.pem"), authority.RootPem);

        Assert.Equal("ok", (await Run("get", server.SecureUrl, "--cacert", "ca.pem")).Output);
        Assert.Equal("ok", (await Run("get", server.SecureUrl, "--insecure")).Output);
        AssertFails(10, "certificate", await Run("get", server.SecureUrl));
        AssertFails(20, "none.pem", await Run("get", server.SecureUrl, "--cacert", "none.pem"));
    }

    [Fact]
    public async Task A_file_appears_when_it_is_complete_and_not_before()
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Respond(static r =>
            r.Target == "/cut.txt" ? "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\nok" : Ok).Close()));

        Assert.Equal(new Outcome(0, "", ""), await Run("get", server.Url + "/whole.txt?x", "-O"));
        Assert.Equal("ok", await File.ReadAllTextAsync(Path.Combine(Folder, "whole.txt")));
        AssertFails(12, "", await Run("get", server.Url + "/cut.txt", "-o", "cut.txt"));
        AssertFails(2, "--output", await Run("get", server.Url + "/", "-O"));
        Assert.Equal(["whole.txt"], Directory.GetFiles(Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Two_programs_can_write_into_one_file_after_another()
    {
        await using var server = Always();
        using (var shell = System.Diagnostics.Process.Start(
            "/bin/sh", ["-c", $"{{ '{Program}' get {server.Url}; '{Program}' get {server.Url}; }} > '{Folder}/both'"]))
            await shell.WaitForExitAsync();

        Assert.Equal("okok", await File.ReadAllTextAsync(Path.Combine(Folder, "both")));
    }

    [Fact]
    public async Task Output_is_formatted_where_that_is_wanted()
    {
        await using var server = Always("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n{\"a\":[1.50,\"b\",null]}");
        Assert.Contains("\u001b[36m1.50\u001b[0m", (await Run("get", server.Url, "--pretty", "always")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_happened_is_drawn_and_written_down()
    {
        await using var server = Always();
        Outcome outcome = await Run("get", server.Url + "/?secret", "--explain", "--har", "calls.har");

        Assert.Equal((0, "ok"), (outcome.Code, outcome.Output));
        Assert.Contains($"dialed 127.0.0.1:{server.Port}: connected", outcome.Errors, StringComparison.Ordinal);
        foreach (string phase in new[] { "connect", "send", "wait", "body", "1 attempt" })
            Assert.Contains(phase, outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", outcome.Errors, StringComparison.Ordinal);
        using var har = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "calls.har")));
        Assert.Equal(1, har.RootElement.GetProperty("log").GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task A_call_that_fails_is_drawn_and_written_down_too()
    {
        Outcome outcome = await Run("get", "http://nobody.invalid/", "--explain", "--har", "calls.har");

        Assert.Equal(6, outcome.Code);
        Assert.Contains("failed: The host 'nobody.invalid'", outcome.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Folder, "calls.har")));
    }
}
