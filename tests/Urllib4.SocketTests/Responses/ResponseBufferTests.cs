using System.Globalization;
using System.IO.Compression;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

public sealed class ResponseBufferTests : ClientTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task It_holds_the_last_response_and_what_was_taken_from_it_before_stays(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue()
            // The longer head comes first, so that the second one is written over it.
            .ExpectRequest().Send("HTTP/1.1 200 OK\r\nX-Name:  first \r\nContent-Length: 5\r\nX-Long: " + new string('l', 100) + "\r\n\r\nfirst")
            .ExpectRequest().Send("HTTP/1.1 404 No\r\nX-Name: 2\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsec\r\n3\r\nond\r\n0\r\nT: t\r\n\r\n"));
        using var manager = new PoolManager();
        var buffer = new ResponseBuffer(capacity: 1);
        Assert.Equal((0, 0, 0), (buffer.Status, buffer.Body.Length, buffer.Headers.Count));

        await Fill(mode, manager, server.Url + "/a", buffer);
        HttpHeaderDict headers = buffer.Headers;
        Assert.Equal((200, "first", "/a"), (buffer.Status, buffer.Text(), buffer.Url!.Path));
        Assert.Equal("first", Header(buffer, "x-name"));
        Assert.Null(Header(buffer, "x-nam"));

        await Fill(mode, manager, server.Url + "/b", buffer);
        Assert.Equal((404, "second", "/b"), (buffer.Status, buffer.Text(), buffer.Url!.Path));
        Assert.Equal("2", Header(buffer, "X-NAME"));
        Assert.Equal("2", buffer.Headers["X-Name"]);
        Assert.Equal("first", headers["X-Name"]);
        Assert.Equal(1, server.Connections);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_switch_of_protocols_is_told_and_ends_the_connection(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue()
                .ExpectRequest().Send(Ok)
                .ExpectRequest().Send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello").ExpectEof(),
            new Dialogue().ExpectRequest().Send(Ok));
        using var manager = new PoolManager();
        var buffer = new ResponseBuffer();
        await Fill(mode, manager, server.Url + "/", buffer);

        var asking = new RequestOptions { Headers = new([new("Connection", "Upgrade"), new("Upgrade", "echo")]) };
        await Fill(mode, manager, server.Url + "/", buffer, asking);

        Assert.Equal((101, "echo", 0), (buffer.Status, Header(buffer, "upgrade"), buffer.Body.Length));
        await Fill(mode, manager, server.Url + "/", buffer);
        Assert.Equal((200, 2), (buffer.Status, server.Connections));
        AssertAtRest(manager);
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_coded_body_is_decoded_within_its_limits(Mode mode)
    {
        string text = new('z', 100_000);
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Send(Gzip(text))));
        using var manager = new PoolManager();
        var buffer = new ResponseBuffer();
        await Fill(mode, manager, server.Url + "/", buffer);
        Assert.Equal(text, buffer.Text());

        var limited = new RequestOptions { DecodeLimits = new DecodeLimits { MaxDecodedBytes = 1000 } };
        await Assert.ThrowsAsync<DecodeLimitException>(() => Fill(mode, manager, server.Url + "/", buffer, limited));
        Assert.Equal(0, buffer.Status);

        await Fill(mode, manager, server.Url + "/", buffer, new RequestOptions { DecodeContent = false });
        Assert.Equal([0x1F, 0x8B], buffer.Body.Span[..2].ToArray());
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Redirects_and_informational_heads_leave_nothing_in_it(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /there\r\nX-Long: " + new string('l', 500) + "\r\nContent-Length: 4\r\n\r\ngone")
            .ExpectRequest().Send("HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n" + Ok));
        using var manager = new PoolManager();
        List<InformationalResponse> informational = [];
        var buffer = new ResponseBuffer();
        await Fill(mode, manager, server.Url + "/here", buffer, new RequestOptions { OnInformational = informational.Add });
        Assert.Equal((200, "ok", "/there"), (buffer.Status, buffer.Text(), buffer.Url!.Path));
        Assert.Equal(["Content-Length"], buffer.Headers.Select(static h => h.Key));
        Assert.Equal(["Link"], Assert.Single(informational).Headers.Select(static h => h.Key));
        Assert.Single(buffer.Retries!.History);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_failed_call_leaves_it_empty_and_the_error_has_what_came(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart").Eof());
        using var manager = new PoolManager();
        var buffer = new ResponseBuffer();
        await Fill(mode, manager, server.Url + "/", buffer);
        IncompleteReadException error = await Assert.ThrowsAsync<IncompleteReadException>(() => Fill(mode, manager, server.Url + "/", buffer));
        Assert.Equal("part", Encoding.ASCII.GetString(error.Partial.Span));
        Assert.Equal((0, 0, ""), (buffer.Status, buffer.Body.Length, buffer.Text()));
        Assert.Null(buffer.Url);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_second_call_at_the_same_time_is_refused(Mode mode)
    {
        var answer = new Gate();
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().WaitFor(answer).Send(Ok));
        using var manager = new PoolManager();
        var buffer = new ResponseBuffer();
        Task first = Fill(mode, manager, server.Url + "/", buffer);
        server.WaitForRequests(1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Fill(mode, manager, server.Url + "/", buffer));
        answer.Open();
        await first;
        Assert.Equal("ok", buffer.Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_large_body_is_held_whole(Mode mode)
    {
        string body = string.Concat(Enumerable.Range(0, 200_000).Select(static i => i.ToString(CultureInfo.InvariantCulture)));
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        using var manager = new PoolManager();
        var buffer = new ResponseBuffer();
        await Fill(mode, manager, server.Url + "/", buffer);
        Assert.Equal(body, buffer.Text());
    }

    private static Task<bool> Fill(Mode mode, PoolManager manager, string url, ResponseBuffer buffer, RequestOptions? options = null) => Call(
        mode,
        () =>
        {
            manager.RequestInto("GET", url, buffer, options);
            return true;
        },
        async () =>
        {
            await manager.RequestIntoAsync("GET", url, buffer, options);
            return true;
        }).WaitAsync(Patience, CancellationToken.None);

    private static string? Header(ResponseBuffer buffer, string name) =>
        buffer.TryGetHeader(Encoding.ASCII.GetBytes(name), out ReadOnlySpan<byte> value) ? Encoding.ASCII.GetString(value) : null;

    private static byte[] Gzip(string text)
    {
        using var coded = new MemoryStream();
        using (var gzip = new GZipStream(coded, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.ASCII.GetBytes(text));
        return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {coded.Length}\r\n\r\n"), .. coded.ToArray()];
    }
}
