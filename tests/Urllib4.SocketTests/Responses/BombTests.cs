using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

/// <summary>Small bodies that decode to enormous ones (DC-01, DC-04).</summary>
public sealed class BombTests : ResponseTests
{
    private static readonly string GzipBomb = Sized(Gzip(new byte[150_000_000]), "Content-Encoding: gzip\r\n");
    private static readonly string BrotliBomb = Sized(Brotli(new byte[150_000_000]), "Content-Encoding: br\r\n");

    [Theory]
    [InlineData(Mode.Blocking, "gzip")]
    [InlineData(Mode.Asynchronous, "gzip")]
    [InlineData(Mode.Blocking, "br")]
    [InlineData(Mode.Asynchronous, "br")]
    public async Task Reading_it_whole_ends_at_the_limit(Mode mode, string coding)
    {
        string bomb = coding == "br" ? BrotliBomb : GzipBomb;
        using var server = MisbehavingServer.Start(Dialogue(bomb), Dialogue(bomb));
        using var manager = new PoolManager(new PoolOptions { DecodeLimits = new DecodeLimits { MaxDecodedBytes = 2_000_000 } });

        DecodeLimitException preloaded = await Assert.ThrowsAsync<DecodeLimitException>(() => Get(mode, manager, server.Url));
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);
        DecodeLimitException asked = await Assert.ThrowsAsync<DecodeLimitException>(() => Data(mode, response));

        Assert.Equal(2_000_000, preloaded.Limit);
        Assert.InRange(preloaded.Decoded, 1_000_000, 5_000_000);
        Assert.InRange(asked.Decoded, 1_000_000, 5_000_000);
        server.WaitUntilAllClosed();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_default_limits_stop_it_by_its_ratio(Mode mode)
    {
        using var server = Serve(BrotliBomb);
        using var manager = new PoolManager();

        DecodeLimitException error = await Assert.ThrowsAsync<DecodeLimitException>(() => Get(mode, manager, server.Url));

        Assert.Equal(nameof(DecodeLimits.MaxRatio), error.LimitName);
    }

    [Theory]
    [InlineData(Mode.Blocking, "gzip")]
    [InlineData(Mode.Asynchronous, "gzip")]
    [InlineData(Mode.Blocking, "br")]
    [InlineData(Mode.Asynchronous, "br")]
    public async Task Reading_parts_takes_no_more_of_it_than_they_need(Mode mode, string coding)
    {
        using var server = Serve(coding == "br" ? BrotliBomb : GzipBomb);
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);
        byte[] buffer = new byte[4096];

        for (int i = 0; i < 100; i++)
            Assert.Single(await ReadOne(mode, response, 1));
        Assert.Equal(1_000_000, (await Read(mode, response, 1_000_000)).Length);
        Assert.InRange(await ReadInto(mode, response, buffer), 1, 4096);
        Assert.Equal(5000, (await Call(
            mode, () => response.Stream(5000).First().Length, async () => (await response.StreamAsync(5000).FirstAsync()).Length)));
        Assert.InRange(response.BytesReceived, 1, 20_000);
        await Dispose(mode, response);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_stream_has_limits_only_when_the_request_asks_for_them(Mode mode)
    {
        using var server = MisbehavingServer.Start(Dialogue(GzipBomb), Dialogue(GzipBomb));
        var limits = new DecodeLimits { MaxDecodedBytes = 2_000_000 };
        using var manager = new PoolManager(new PoolOptions { DecodeLimits = limits });

        UrllibResponse unlimited = await Get(mode, manager, server.Url, Streamed);
        Assert.Equal(3_000_000, (await Read(mode, unlimited, 3_000_000)).Length);
        await Dispose(mode, unlimited);
        UrllibResponse limited = await Get(mode, manager, server.Url, Streamed with { DecodeLimits = limits });
        await Assert.ThrowsAsync<DecodeLimitException>(() => Read(mode, limited, 3_000_000));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task In_a_redirect_it_is_dropped_without_being_decoded(Mode mode)
    {
        string body = Text(Gzip(new byte[30_000_000]));
        using var server = Serve(
            $"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            Sized("next"));
        using var manager = new PoolManager(
            new PoolOptions { Clock = new VirtualTime(), DecodeLimits = new DecodeLimits { MaxDecodedBytes = "next".Length } });

        Assert.Equal("next", (await Get(mode, manager, server.Url)).Text());
        Assert.Equal(1, server.Connections);
    }
}
