using System.Net;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

/// <summary>A body that is cut short is never taken for a whole one (DS-15, F03 to F10).</summary>
public sealed class IncompleteBodyTests : ResponseTests
{
    private const string Short = "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\ntwelve bytes";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_preloading_request_fails_with_both_numbers_and_what_came(Mode mode)
    {
        using var server = MisbehavingServer.Start(Dialogue(Short).Close());
        using var manager = new PoolManager();

        IncompleteReadException error = await Assert.ThrowsAsync<IncompleteReadException>(() => Get(mode, manager, server.Url));

        Assert.Equal((12L, (long?)22), (error.Received, error.Expected));
        Assert.Equal("twelve bytes", Text(error.Partial.Span));
        Assert.True(error.ServerMayHaveActed);
        Assert.Equal(server.Url, error.Url!.ToString());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_stream_hands_out_what_came_and_then_fails_whoever_asks(Mode mode)
    {
        using var server = MisbehavingServer.Start(Dialogue(Short).Close());
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);
        byte[] buffer = new byte[100];

        Assert.Equal(12, await ReadInto(mode, response, buffer));
        IncompleteReadException first = await Assert.ThrowsAsync<IncompleteReadException>(() => ReadInto(mode, response, buffer));
        Assert.Same(first, await Assert.ThrowsAsync<IncompleteReadException>(() => Data(mode, response)));
        Assert.Same(first, await Assert.ThrowsAsync<IncompleteReadException>(() => ReadOne(mode, response, 1)));
        Assert.Empty(first.Partial.ToArray());
        Assert.NotNull(first.Connection);
        await Dispose(mode, response);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_amount_that_cannot_be_had_in_full_is_in_the_error_as_far_as_it_came(Mode mode)
    {
        using var server = MisbehavingServer.Start(Dialogue(Short).Close());
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        Assert.Equal("twelve", Text(await Read(mode, response, 6)));
        IncompleteReadException error = await Assert.ThrowsAsync<IncompleteReadException>(() => Read(mode, response, 16));
        Assert.Equal(" bytes", Text(error.Partial.Span));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_chunked_body_that_ends_anywhere_before_its_last_byte_fails(Mode mode)
    {
        const string Body = "5\r\nhello\r\n1;x=y\r\n!\r\n0\r\nA: b\r\n\r\n";
        const string Head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        using var server = MisbehavingServer.Start(n => Dialogue(Head + Body[..n]).Close());
        using var manager = new PoolManager();

        for (int length = 0; length < Body.Length; length++)
        {
            IncompleteReadException error = await Assert.ThrowsAsync<IncompleteReadException>(() => Get(mode, manager, server.Url));
            Assert.Equal("hello!"[..(int)error.Received], Text(error.Partial.Span));
        }

        Assert.Equal("hello!", (await Get(mode, manager, server.Url)).Text());
        Assert.Equal(Body.Length + 1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_reset_in_the_middle_leaves_readable_what_came_before(Mode mode)
    {
        var gate = new Gate();
        using var server = MisbehavingServer.Start(Dialogue(Short).WaitFor(gate).Reset());
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        Assert.Equal("twelve bytes", Text(await Read(mode, response, 12)));
        gate.Open();
        IncompleteReadException error = await Assert.ThrowsAsync<IncompleteReadException>(() => Read(mode, response, 1));
        Assert.NotNull(error.InnerException);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_request_whose_response_broke_off_is_not_sent_again(Mode mode)
    {
        using var server = MisbehavingServer.Start(Dialogue(Short).Close());
        using var manager = new PoolManager();
        var options = new RequestOptions { Body = RequestBody.FromString("pay") };

        IncompleteReadException error = await Assert.ThrowsAsync<IncompleteReadException>(
            () => Get(mode, manager, server.Url, options, "POST"));

        Assert.True(error.ServerMayHaveActed);
        Assert.Contains("the response had begun", error.NotRetriedBecause, StringComparison.Ordinal);
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Without_a_length_the_end_of_the_connection_is_the_end_of_the_body(Mode mode)
    {
        using var server = MisbehavingServer.Start(Dialogue("HTTP/1.1 200 OK\r\n\r\nto the end").Eof());
        using var manager = new PoolManager();

        Assert.Equal("to the end", (await Get(mode, manager, server.Url)).Text());
        server.WaitUntilAllClosed();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Over_TLS_only_its_closing_alert_ends_a_body_without_a_length(Mode mode)
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = authority.Issue("localhost");
        using var server = MisbehavingServer.Start(
            new Dialogue().StartTls(certificate).ExpectRequest().Send("HTTP/1.1 200 OK\r\n\r\nwhole").Eof(),
            new Dialogue().StartTls(certificate).ExpectRequest().Send("HTTP/1.1 200 OK\r\n\r\ncut").Cut(),
            new Dialogue().StartTls(certificate).ExpectRequest().Send(Sized("counted")).Cut());
        using var manager = new PoolManager(new PoolOptions { Tls = new TlsOptions { CaCerts = new CertificateSet([authority.Root]) } });

        Assert.Equal("whole", (await Get(mode, manager, server.SecureUrl)).Text());
        IncompleteReadException error = await Assert.ThrowsAsync<IncompleteReadException>(() => Get(mode, manager, server.SecureUrl));
        Assert.Equal("cut", Text(error.Partial.Span));
        Assert.Equal("counted", (await Get(mode, manager, server.SecureUrl)).Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_ends_its_side_after_the_response_gets_no_second_request(Mode mode)
    {
        var ended = new Gate();
        using var server = MisbehavingServer.Start(Dialogue(Sized("one")).Eof().Open(ended), Dialogue(Sized("two")));
        using var manager = new PoolManager();

        Assert.Equal("one", (await Get(mode, manager, server.Url)).Text());
        ended.Wait();
        Assert.Equal("two", (await Get(mode, manager, server.Url)).Text());
        Assert.Equal(2, server.Connections);
        server.Verify();
    }

    [Theory]
    [InlineData(Mode.Blocking, "ZZZ\r\n")]
    [InlineData(Mode.Asynchronous, "ZZZ\r\n")]
    [InlineData(Mode.Blocking, "0x2\r\nab\r\n0\r\n\r\n")]
    [InlineData(Mode.Blocking, "+2\r\nab\r\n0\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "-1\r\n")]
    public async Task A_chunk_size_that_is_no_number_fails_and_names_it(Mode mode, string body)
    {
        using var server = Serve("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
        using var manager = new PoolManager();

        await Assert.ThrowsAsync<InvalidChunkException>(() => Get(mode, manager, server.Url));
        server.WaitUntilAllClosed();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_promised_length_takes_no_memory_before_it_comes(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            Dialogue("HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\nx").Close(),
            Dialogue("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\nx").Close());
        using var manager = new PoolManager(new PoolOptions { DecodeLimits = new DecodeLimits { MaxDecodedBytes = null } });

        IncompleteReadException cut = await Assert.ThrowsAsync<IncompleteReadException>(() => Get(mode, manager, server.Url));
        Assert.Equal("x", Text(cut.Partial.Span));
        LimitExceededException error = await Assert.ThrowsAsync<LimitExceededException>(() => Get(mode, manager, server.Url));
        Assert.Equal(Array.MaxLength, error.Limit);
    }
}
