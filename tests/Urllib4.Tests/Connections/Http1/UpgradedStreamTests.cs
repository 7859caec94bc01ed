using Urllib4.TestKit;

namespace Urllib4.Tests.Connections.Http1;

/// <summary>A connection after a switch of protocols, in the hands of the caller.</summary>
public sealed class UpgradedStreamTests : MemoryTests, IDisposable
{
    private const string Switching = "HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";

    private static readonly RequestOptions _upgrade = new() { Headers = new() { ["Connection"] = "Upgrade", ["Upgrade"] = "echo" } };

    private PoolManager? _manager;

    public void Dispose() => _manager?.Dispose();

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_came_behind_the_head_is_read_first_and_then_what_comes(Mode mode)
    {
        MemoryDialer dialer = Upgrading(static d => d.Send("late").ExpectBytes("ping").Eof(), "early");
        await using Stream stream = await TakeOver(mode, dialer);
        byte[] buffer = new byte[3];

        Assert.Equal(3, await Read(mode, stream, buffer));
        Assert.Equal("ear"u8.ToArray(), buffer);
        Assert.Equal(0, await Read(mode, stream, []));
        Assert.Equal(2, await Read(mode, stream, buffer));
        Assert.Equal(3, await Read(mode, stream, buffer));
        Assert.Equal("lat"u8.ToArray(), buffer);
        Assert.Equal(1, await Read(mode, stream, buffer));
        await Write(mode, stream, [.. "ping"u8]);
        Assert.Equal(0, await Read(mode, stream, buffer));
        Verify(dialer);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_large_write_arrives_whole(Mode mode)
    {
        byte[] sent = new byte[100_000];
        new Random(1).NextBytes(sent);
        MemoryDialer dialer = Upgrading(d => d.ExpectBytes(sent));
        await using Stream stream = await TakeOver(mode, dialer);
        await Write(mode, stream, sent);
        Verify(dialer);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Disposing_closes_the_connection_and_gives_its_place_back(Mode mode)
    {
        MemoryDialer dialer = Upgrading(static d => d.Stall());
        Stream stream = await TakeOver(mode, dialer);
        Assert.True(stream.CanRead && stream.CanWrite);
        Assert.Single(Snapshot().Busy);

        await Call(mode, stream.Dispose, () => stream.DisposeAsync().AsTask());

        Assert.False(stream.CanRead || stream.CanWrite);
        Assert.True(dialer.Peers[0].IsDisposed);
        Assert.Empty(Snapshot().Busy);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Read(mode, stream, new byte[1]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Write(mode, stream, [1]));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Disposing_ends_a_read_that_is_under_way(Mode mode)
    {
        MemoryDialer dialer = Upgrading(static d => d.Stall());
        Stream stream = await TakeOver(mode, dialer);
        Task<int> read = Read(mode, stream, new byte[1]);
        dialer.Peers[0].WaitUntilReading();

        await stream.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
        Assert.True(SpinWait.SpinUntil(() => Snapshot().Busy.Count == 0, Patience));
    }

    [Fact]
    public async Task A_cancelled_read_cuts_the_connection_off()
    {
        MemoryDialer dialer = Upgrading(static d => d.Stall());
        await using Stream stream = await TakeOver(Mode.Asynchronous, dialer);
        using var cancellation = new CancellationTokenSource();
        ValueTask<int> read = stream.ReadAsync(new byte[1], cancellation.Token);
        await cancellation.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        Assert.Equal(cancellation.Token, e.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.WriteAsync(new byte[1], cancellation.Token));
        Assert.True(dialer.Peers[0].IsDisposed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_that_breaks_is_an_io_exception(Mode mode)
    {
        MemoryDialer dialer = Upgrading(static d => d.Reset());
        await using Stream stream = await TakeOver(mode, dialer);
        await Assert.ThrowsAsync<IOException>(() => Read(mode, stream, new byte[1]));
        await Assert.ThrowsAsync<IOException>(() => Write(mode, stream, [1]));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task It_is_taken_over_once_and_only_after_a_switch(Mode mode)
    {
        MemoryDialer dialer = Upgrading(static d => d.Stall());
        _manager = new PoolManager(Over(dialer));
        UrllibResponse response = await Send(mode, _manager, "GET", "http://a.test/", _upgrade);
        await using Stream stream = response.TakeOver();
        Assert.Throws<InvalidOperationException>(response.TakeOver);
        using var plain = new PoolManager(Over(Answering(Ok)));
        UrllibResponse other = await Send(mode, plain, "GET", "http://a.test/");
        Assert.Throws<InvalidOperationException>(other.TakeOver);
    }

    private static MemoryDialer Upgrading(Action<Dialogue> then, string early = "")
    {
        Dialogue dialogue = new Dialogue().ExpectRequest().Send(Switching + early);
        then(dialogue);
        return new MemoryDialer(dialogue);
    }

    private async Task<Stream> TakeOver(Mode mode, MemoryDialer dialer)
    {
        _manager = new PoolManager(Over(dialer));
        return (await Send(mode, _manager, "GET", "http://a.test/", _upgrade)).TakeOver();
    }

    private PoolSnapshot Snapshot() => Assert.Single(_manager!.Pools).Value.Snapshot();
}
