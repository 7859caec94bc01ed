using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

/// <summary>Responses that do not wait for the end of the request, and requests that wait for the server.</summary>
public sealed class EarlyResponseTests : ClientTests
{
    private const string TooLarge = "HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nmuch";

    public static TheoryData<Mode, string, string> Uploads()
    {
        var rows = new TheoryData<Mode, string, string>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (string body in new[] { "memory", "stream", "chunked" })
            {
                foreach (string end in new[] { "close", "reset later", "read on", "read nothing" })
                    rows.Add(mode, body, end);
            }
        }

        return rows;
    }

    [Theory, MemberData(nameof(Uploads))]
    public async Task A_refusal_in_the_middle_of_an_upload_is_the_answer(Mode mode, string kind, string end)
    {
        await using var server = MisbehavingServer.Start(
            n => n > 0 ? new Dialogue().ExpectRequest().Send(Ok) : end switch
            {
                "close" => new Dialogue().ExpectHead().Send(TooLarge).Eof().StopReadingAfter(10_000_000),
                "read nothing" => new Dialogue().ExpectHead().Delay(TimeSpan.FromMilliseconds(200)).Send(TooLarge).Stall(),
                "reset later" => new Dialogue().ExpectHead().Send(TooLarge).FailWriteAfter(1_000_000),
                _ => new Dialogue().ExpectHead().Send(TooLarge).StopReadingAfter(50_000_000),
            },
            null,
            receiveBuffer: 64 * 1024);
        await using var manager = new PoolManager();
        byte[] data = new byte[32 * 1024 * 1024];
        RequestBody body = kind switch
        {
            "memory" => data,
            "stream" => RequestBody.Create(() => new MemoryStream(data), data.Length),
            _ => RequestBody.Create(() => new MemoryStream(data)),
        };

        UrllibResponse response = await Send(
            mode, manager, "POST", server.Url, new() { Body = body, Timeout = new() { Send = TimeSpan.FromSeconds(20) } });

        Assert.Equal((413, "much"), (response.Status, response.Text()));
        AssertAtRest(manager);
        Assert.Equal("ok", (await Send(mode, manager, "POST", server.Url, new() { Body = "small" })).Text());
        Assert.Equal(2, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_refusal_over_tls_is_heard_though_the_server_reads_nothing_more(Mode mode)
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = authority.Issue("localhost");
        await using var server = MisbehavingServer.Start(
            _ => new Dialogue().StartTls(certificate).ExpectHead().Delay(TimeSpan.FromMilliseconds(200)).Send(TooLarge).Stall(),
            null,
            receiveBuffer: 64 * 1024);
        await using var manager = new PoolManager(new PoolOptions
        {
            Tls = new() { CaCerts = new([authority.Root]) },
            Resolver = Everywhere(server.EndPoint.Port, "localhost"),
        });

        UrllibResponse response = await Send(mode, manager, "POST", "https://localhost/", new()
        {
            Body = new byte[32 * 1024 * 1024],
            Timeout = new() { Send = TimeSpan.FromSeconds(20) },
        });

        Assert.Equal((413, "much"), (response.Status, response.Text()));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_upload_that_stands_still_for_longer_than_an_earlier_limit_arrives_whole(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            _ => new Dialogue().ExpectRequest().Send(Ok).ExpectHead().Delay(TimeSpan.FromSeconds(1)).ExpectBody().Send(Ok),
            null,
            receiveBuffer: 64 * 1024);
        await using var manager = new PoolManager();
        byte[] data = new byte[16 * 1024 * 1024];
        new Random(3).NextBytes(data);

        await Send(mode, manager, "POST", server.Url, new() { Body = "small", Timeout = Limit(0.5) });
        await Send(mode, manager, "POST", server.Url, new() { Body = data, Timeout = Limit(3) });

        Assert.Equal(data, server.Requests[1].Body);
        Assert.Equal(1, server.Connections);

        static HttpTimeout Limit(double seconds) => new() { Send = TimeSpan.FromSeconds(seconds) };
    }

    [Theory]
    [InlineData(Mode.Blocking, 1)]
    [InlineData(Mode.Blocking, 100)]
    [InlineData(Mode.Asynchronous, 1)]
    [InlineData(Mode.Asynchronous, 100)]
    public async Task The_body_follows_the_servers_word(Mode mode, int pieces)
    {
        await using var server = MisbehavingServer.Start(new Dialogue()
            .ExpectHead(static r => Assert.Equal("100-continue", r["Expect"])).SendInPieces("HTTP/1.1 100 Continue\r\nx: y\r\n\r\n", pieces)
            .ExpectBody(static r => Assert.Equal("text", r.Text)).Send(Ok)
            .ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        List<int> informed = [];

        UrllibResponse response = await Send(
            mode, manager, "POST", server.Url, Expecting("text") with { OnInformational = i => informed.Add(i.Status) });

        Assert.Equal("ok", response.Text());
        Assert.Equal([100], informed);
        Assert.Equal("ok", (await Send(mode, manager, "GET", server.Url)).Text());
        Assert.Equal(1, server.Connections);
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Half_a_word_is_waited_for_no_longer_than_the_whole(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectHead().Send("HTTP/1.1 100 Con").ExpectBody().Send("tinue\r\n\r\n" + Ok));
        await using var manager = new PoolManager();

        Assert.Equal("ok", (await Send(mode, manager, "POST", server.Url, Expecting("text", TimeSpan.FromMilliseconds(100)))).Text());

        Assert.Equal("text", Assert.Single(server.Requests).Text);
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_final_answer_keeps_the_body_back(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectHead().Send("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno").ExpectEof(),
            new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        bool wasOpened = false;
        RequestBody body = RequestBody.Create(() =>
        {
            wasOpened = true;
            return new MemoryStream([1]);
        });

        UrllibResponse response = await Send(mode, manager, "POST", server.Url, Expecting(body));

        Assert.Equal((403, "no"), (response.Status, response.Text()));
        Assert.False(wasOpened);
        Assert.Equal("ok", (await Send(mode, manager, "GET", server.Url)).Text());
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_cannot_meet_the_expectation_gets_the_request_without_it_once(Mode mode)
    {
        const string cannot = "HTTP/1.1 417 Cannot\r\nContent-Length: 0\r\n\r\n";
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectHead(static r => Assert.Equal("100-continue", r["Expect"])).Send(cannot).ExpectEof(),
            new Dialogue().ExpectRequest(static r => Assert.Null(r["Expect"])).Send(Ok).ExpectRequest().Send(cannot));
        await using var manager = new PoolManager(new PoolOptions { Retries = Retry.None });

        UrllibResponse response = await Send(mode, manager, "POST", server.Url, Expecting("text"));
        UrllibResponse hopeless = await Send(mode, manager, "POST", server.Url, new() { Body = "text" });

        Assert.Equal("ok", response.Text());
        Assert.Equal(417, hopeless.Status);
        Assert.Equal(["text", "text"], server.Requests.Select(static r => r.Text));
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task After_silence_the_body_is_sent_all_the_same(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();

        Assert.Equal("ok", (await Send(mode, manager, "POST", server.Url, Expecting("text", TimeSpan.FromMilliseconds(50)))).Text());
        Assert.Equal("ok", (await Send(mode, manager, "GET", server.Url)).Text());

        Assert.Equal("text", server.Requests[0].Text);
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_answer_that_comes_before_the_end_of_an_upload_leaves_the_connection_usable(Mode mode)
    {
        var answered = new Gate();
        await using var server = MisbehavingServer.Start(new Dialogue()
            .ExpectHead().Send(Ok).Respond(_ =>
            {
                answered.Open();
                return "";
            })
            .ExpectBody().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        RequestBody body = RequestBody.FromChunks(Parts(answered));

        Assert.Equal("ok", (await Send(mode, manager, "POST", server.Url, new() { Body = body })).Text());
        Assert.Equal("ok", (await Send(mode, manager, "GET", server.Url)).Text());

        Assert.Equal("first second", server.Requests[0].Text);
        Assert.Equal(1, server.Connections);

        static IEnumerable<ReadOnlyMemory<byte>> Parts(Gate answered)
        {
            yield return "first"u8.ToArray();
            answered.Wait();
            yield return " second"u8.ToArray();
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_upload_whose_source_fails_fails_with_that_and_closes_the_connection(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            n => n == 0 ? new Dialogue().ExpectHead().ExpectBody() : new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });

        await Fails<NotSupportedException>(Send(mode, manager, "POST", server.Url, new() { Body = RequestBody.FromChunks(Parts()) }));

        AssertAtRest(manager);
        Assert.Equal("ok", (await Send(mode, manager, "GET", server.Url)).Text());

        static IEnumerable<ReadOnlyMemory<byte>> Parts()
        {
            yield return "first"u8.ToArray();
            throw new NotSupportedException("mine");
        }
    }

    private static RequestOptions Expecting(RequestBody body, TimeSpan? patience = null) => new()
    {
        Body = body,
        Headers = new() { { "Expect", "100-continue" } },
        Timeout = new() { Continue = patience ?? TimeSpan.FromSeconds(20) },
    };
}
