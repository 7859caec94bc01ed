using Urllib4.Connections;

namespace Urllib4.Tests.Connections.Http2;

/// <summary>Asynchronous callers that go on together.</summary>
public sealed class ResumeQueueTests
{
    [Fact]
    public async Task A_caller_whose_code_blocks_holds_up_neither_the_others_nor_what_they_send()
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var queue = new ResumeQueue(() => flushed.TrySetResult());
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        StreamSignal first = Ready(queue), second = Ready(queue), third = Ready(queue);
        Task blocked = After(first, () =>
        {
            entered.Set();
            release.Wait();
        });
        Task[] others = [After(second, static () => { }), After(third, static () => { })];

        Assert.True(queue.IsHolding);
        queue.Start();
        Assert.True(entered.Wait(TimeSpan.FromSeconds(30)));
        await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(30));
        await flushed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(queue.IsHolding);
        Assert.False(blocked.IsCompleted);
        release.Set();
        await blocked.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static StreamSignal Ready(ResumeQueue queue)
    {
        var signal = new StreamSignal();
        signal.Reset(isBlocking: false);
        queue.Add(signal);
        return signal;
    }

    private static async Task After(StreamSignal signal, Action then)
    {
        await signal.Wait().ConfigureAwait(false);
        then();
    }
}
