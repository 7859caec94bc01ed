using Urllib4.Bodies;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Transport;

/// <summary>
/// <see cref="HttpTimeout.Send"/> bounds standing still, not the whole upload: the same for every kind of body, in both modes.
/// </summary>
public sealed class SendLimitTests : ModeTests
{
    private const int Length = 512 * 1024;
    private const int Allotment = 64 * 1024;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _guard = TimeSpan.FromSeconds(60);

    public static TheoryData<Mode, string> Uploads()
    {
        var rows = new TheoryData<Mode, string>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (string kind in new[] { "array", "stream", "unknown length", "chunks", "pushed" })
                rows.Add(mode, kind);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Uploads))]
    public async Task A_server_that_takes_a_little_now_and_then_gets_all_of_it(Mode mode, string kind)
    {
        var dialogue = new Dialogue().StopReadingAfter(Allotment);
        for (int i = 0; i < Length / Allotment; i++)
            dialogue.Delay(_limit * 0.75).StopReadingAfter(Allotment);
        var dialer = new MemoryDialer(dialogue.ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        using PoolManager manager = Client(dialer);
        Task<UrllibResponse> call = Post(mode, manager, kind);

        for (int taken = Allotment; taken <= Length; taken += Allotment)
        {
            Until(() => dialer.Peers is [var peer] && peer.Written.Length >= taken, call);
            dialer.Time.Advance(_limit * 0.75);
        }

        Assert.Equal("ok", (await call.WaitAsync(_guard)).Text());
    }

    [Theory, MemberData(nameof(Uploads))]
    public async Task A_server_that_takes_no_more_is_noticed_after_once_the_limit(Mode mode, string kind)
    {
        var dialer = new MemoryDialer(
            new Dialogue().StopReadingAfter(Allotment).Delay(_limit * 0.75).StopReadingAfter(Allotment).ExpectRequest());
        using PoolManager manager = Client(dialer);
        Task<UrllibResponse> call = Post(mode, manager, kind);
        Until(() => dialer.Peers is [var peer] && peer.Written.Length >= Allotment, call);
        dialer.Time.Advance(_limit * 0.75);
        Until(() => dialer.Peers[0].Written.Length >= 2 * Allotment, call);

        dialer.Time.Advance(_limit * 0.75);
        Assert.False(call.IsCompleted);
        dialer.Time.Advance(_limit * 0.5);

        var error = await Assert.ThrowsAsync<SendTimeoutException>(() => call.WaitAsync(_guard));
        Assert.Equal(_limit, error.Limit);
    }

    [Theory, MemberData(nameof(Uploads))]
    public async Task Progress_does_not_put_off_the_end_of_the_call(Mode mode, string kind)
    {
        var dialer = new MemoryDialer(
            new Dialogue().StopReadingAfter(Allotment).Delay(_limit * 0.75).StopReadingAfter(Allotment).ExpectRequest());
        using PoolManager manager = Client(dialer, total: _limit * 1.25);
        Task<UrllibResponse> call = Post(mode, manager, kind);
        Until(() => dialer.Peers is [var peer] && peer.Written.Length >= Allotment, call);
        dialer.Time.Advance(_limit * 0.75);
        Until(() => dialer.Peers[0].Written.Length >= 2 * Allotment, call);

        dialer.Time.Advance(_limit * 0.5);

        await Assert.ThrowsAsync<TotalTimeoutException>(() => call.WaitAsync(_guard));
    }

    private static void Until(Func<bool> condition, Task call) =>
        Assert.True(SpinWait.SpinUntil(() => condition() || call.IsFaulted, _guard) && !call.IsFaulted, $"{call.Exception}");

    private static PoolManager Client(MemoryDialer dialer, TimeSpan? total = null) => new(new PoolOptions
    {
        Dialer = dialer,
        Clock = dialer.Time,
        Retries = Retry.None,
        Timeout = new HttpTimeout { Send = _limit, Total = total ?? Timeout.InfiniteTimeSpan },
    });

    private static Task<UrllibResponse> Post(Mode mode, PoolManager manager, string kind)
    {
        byte[] data = new byte[Length];
        var options = new RequestOptions
        {
            Body = kind switch
            {
                "array" => data,
                "stream" => RequestBody.Create(() => new MemoryStream(data), Length),
                "unknown length" => RequestBody.Create(() => new MemoryStream(data)),
                "chunks" => RequestBody.FromChunks([data.AsMemory(0, Length / 2), data.AsMemory(Length / 2)]),
                _ => new PushedArray(data),
            },
        };
        const string Url = "http://example.com/";
        return Call(mode, () => manager.Request("POST", Url, options), () => manager.RequestAsync("POST", Url, options));
    }

    private sealed class PushedArray(byte[] data) : PushedBody
    {
        public override long? Length => data.Length;

        public override bool IsReplayable => true;

        public override ValueTask WriteTo<TMode>(Stream destination, CancellationToken cancellationToken) =>
            TMode.Write(destination, data, CancellationToken.None);
    }
}
