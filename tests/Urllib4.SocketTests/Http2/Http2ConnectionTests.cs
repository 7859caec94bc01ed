using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.SocketTests.Http2;

/// <summary>HTTP/2 with a real server, over TLS and without.</summary>
public sealed class Http2ConnectionTests : ClientTests, IDisposable
{
    private readonly CertificateAuthority _authority = new();
    private readonly IssuedCertificate _certificate;
    private readonly HttpBinServer _server;

    public Http2ConnectionTests()
    {
        _certificate = _authority.Issue("localhost");
        _server = HttpBinServer.Start(new()
        {
            Certificate = _certificate,
            Protocols = HttpProtocols.Http1AndHttp2,
            PlainProtocol = HttpProtocols.Http2,
        });
    }

    public void Dispose()
    {
        _server.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task With_both_versions_the_handshake_settles_on_the_second(Mode mode)
    {
        using PoolManager manager = Manager();
        UrllibResponse response = await Send(mode, manager, "GET", _server.SecureUrl + "/connection");
        Assert.Equal(200, response.Status);
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Contains("HTTP/2", response.Text(), StringComparison.Ordinal);
        Assert.Equal("h2", response.Connection!.Tls!.ApplicationProtocol);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task With_the_first_version_only_the_second_is_not_offered(Mode mode)
    {
        using PoolManager manager = Manager(HttpVersions.Http11);
        UrllibResponse response = await Send(mode, manager, "GET", _server.SecureUrl + "/get");
        Assert.Equal(HttpVersion.Version11, response.Version);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Alone_it_is_spoken_without_TLS_from_the_first_byte(Mode mode)
    {
        using PoolManager manager = Manager(HttpVersions.Http2);
        for (int i = 0; i < 3; i++)
        {
            UrllibResponse response = await Send(mode, manager, "GET", _server.Url + "/get?n=" + i);
            Assert.Equal(HttpVersion.Version20, response.Version);
            Assert.Equal(i, response.Connection!.RequestsServed);
        }

        Assert.Equal(1, _server.Connections);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_of_some_megabytes_comes_back_whole(Mode mode)
    {
        byte[] body = new byte[5_000_000];
        new Random(1).NextBytes(body);
        using PoolManager manager = Manager(HttpVersions.Http2);
        foreach (string url in new[] { _server.Url, _server.SecureUrl })
        {
            foreach (RequestBody sent in new[] { body, RequestBody.FromStream(new MemoryStream(body)) })
            {
                UrllibResponse response = await Send(mode, manager, "POST", url + "/echo", new() { Body = sent });
                Assert.Equal($"{Checksum.Crc32(body):x8}", response.Headers["X-Body-Crc32"]);
                Assert.Equal(body, response.Data);
            }
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_can_be_read_part_by_part(Mode mode)
    {
        byte[] body = new byte[1_000_000];
        new Random(2).NextBytes(body);
        using PoolManager manager = Manager();
        UrllibResponse response = await Send(
            mode, manager, "POST", _server.SecureUrl + "/echo", new() { Body = body, PreloadContent = false });
        Assert.Equal(body, await ReadAll(mode, response));
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Trailers_come_after_the_body(Mode mode)
    {
        using PoolManager manager = Manager();
        UrllibResponse response = await Send(mode, manager, "GET", _server.SecureUrl + "/trailers");
        Assert.Equal($"{Checksum.Crc32(response.Data):x8}", response.Trailers!["X-Checksum"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_response_without_a_body_leaves_the_connection_for_the_next(Mode mode)
    {
        using PoolManager manager = Manager();
        Assert.Empty((await Send(mode, manager, "HEAD", _server.SecureUrl + "/get")).Data);
        Assert.Equal(204, (await Send(mode, manager, "GET", _server.SecureUrl + "/status/204")).Status);
        Assert.Equal(200, (await Send(mode, manager, "GET", _server.SecureUrl + "/get")).Status);
        Assert.Equal(1, _server.Connections);
    }

    [Fact]
    public async Task A_caller_whose_code_blocks_and_waits_for_others_of_the_connection_holds_up_nobody()
    {
        using PoolManager manager = Manager(HttpVersions.Http2);
        string url = _server.Url + "/get";
        await Send(Mode.Blocking, manager, "GET", url); // else both kinds dial at once
        for (int round = 0; round < 20; round++)
        {
            using var release = new ManualResetEventSlim();
            Task<int> held = Hold(release);
            Task<int>[] nested = [.. Enumerable.Range(0, 4).Select(async _ =>
            {
                await manager.RequestAsync("GET", url).ConfigureAwait(false);
                // Synchronous over asynchronous, and a blocking call, where the continuation runs.
                return OnThisThread(manager.RequestAsync("GET", url)).Status + manager.Request("GET", url).Status;
            })];
            Assert.Equal(200, (await Send(Mode.Blocking, manager, "GET", url)).Status);
            Assert.Equal(200, (await Send(Mode.Asynchronous, manager, "GET", url)).Status);
            Assert.All(await Task.WhenAll(nested).WaitAsync(Patience), sum => Assert.Equal(400, sum));
            release.Set();
            Assert.Equal(200, await held.WaitAsync(Patience));
        }

        Assert.Equal(1, _server.Connections);
        AssertAtRest(manager);

        async Task<int> Hold(ManualResetEventSlim release)
        {
            int status = (await manager.RequestAsync("GET", url).ConfigureAwait(false)).Status;
            release.Wait(Patience);
            return status;
        }

        static UrllibResponse OnThisThread(Task<UrllibResponse> call)
        {
            Assert.True(((IAsyncResult)call).AsyncWaitHandle.WaitOne(Patience));
            return Blocking.Result(new ValueTask<UrllibResponse>(call));
        }
    }

    [Fact]
    public async Task Callers_of_both_kinds_share_one_connection()
    {
        using PoolManager manager = Manager();
        const int Count = 100;
        Task<UrllibResponse>[] calls = [.. Enumerable.Range(0, Count).Select(n =>
            Send(n % 2 == 0 ? Mode.Blocking : Mode.Asynchronous, manager, "POST", _server.SecureUrl + "/echo", new()
            {
                Body = $"body {n}",
                Headers = new() { { "X-Request-Id", $"{n}" } },
            }))];
        UrllibResponse[] responses = await Task.WhenAll(calls);
        for (int n = 0; n < Count; n++)
        {
            Assert.Equal($"{n}", responses[n].Headers["X-Request-Id"]);
            Assert.Equal($"body {n}", responses[n].Text());
        }

        Assert.Equal(1, _server.Connections);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Who_cancels_harms_nobody(Mode mode)
    {
        using PoolManager manager = Manager();
        using var stop = new CancellationTokenSource();
        Task<UrllibResponse> cancelled = Send(mode, manager, "GET", _server.SecureUrl + "/hold?id=never", token: stop.Token);
        Task<UrllibResponse> kept = Send(mode, manager, "GET", _server.SecureUrl + "/hold?id=kept");
        _server.WaitUntilHeld(2);
        await stop.CancelAsync();
        var failure = await Fails<OperationCanceledException>(cancelled);
        Assert.Equal(stop.Token, failure.CancellationToken);
        _server.Release("kept");
        Assert.Equal(200, (await kept).Status);
        Assert.Equal(200, (await Send(mode, manager, "GET", _server.SecureUrl + "/get")).Status);
        Assert.Equal(1, _server.Connections);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Who_runs_out_of_time_harms_nobody(Mode mode)
    {
        using PoolManager manager = Manager();
        Task<UrllibResponse> kept = Send(mode, manager, "GET", _server.SecureUrl + "/hold?id=kept");
        _server.WaitUntilHeld(1);
        await Fails<ReadTimeoutException>(Send(mode, manager, "GET", _server.SecureUrl + "/hold?id=never", new()
        {
            Timeout = HttpTimeout.Default with { Head = TimeSpan.FromMilliseconds(50) },
            Retries = Retry.None,
        }));
        _server.Release("kept");
        Assert.Equal(200, (await kept).Status);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_disposed_manager_ends_what_is_under_way(Mode mode)
    {
        PoolManager manager = Manager();
        Task<UrllibResponse> call = Send(mode, manager, "GET", _server.SecureUrl + "/hold?id=never");
        _server.WaitUntilHeld(1);
        manager.Dispose();
        await Fails<ClosedPoolException>(call);
        _server.WaitForOpenConnections(0);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_goes_is_noticed_before_the_next_request(Mode mode)
    {
        using var first = HttpBinServer.Start(new() { PlainProtocol = HttpProtocols.Http2 });
        using PoolManager manager = Manager(HttpVersions.Http2);
        string url = first.Url;
        Assert.Equal(200, (await Send(mode, manager, "GET", url + "/get")).Status);
        await first.DisposeAsync();
        await Fails<NewConnectionException>(Send(mode, manager, "GET", url + "/get", new() { Retries = Retry.None }));
        AssertAtRest(manager);
    }

    private PoolManager Manager(HttpVersions versions = HttpVersions.Http11 | HttpVersions.Http2) => new(new PoolOptions
    {
        HttpVersions = versions,
        Tls = new() { CaCerts = new([_authority.Root]) },
    });
}
