using Urllib4.Connections;

namespace Urllib4.Tests.Connections.Http2;

/// <summary>The thread that reads, and lets callers go on in between.</summary>
public sealed class ReaderWatchTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_reader_whose_callers_come_back_reads_on()
    {
        var watch = new ReaderWatch();
        bool wasReplaced = false;
        var reader = new ReaderWatch.Reader(watch, () => wasReplaced = true);
        watch.Add(reader);
        var queue = new ResumeQueue(static () => { });
        for (int i = 0; i < 100; i++)
        {
            Task caller = After(queue, static () => { });
            Assert.True(reader.Run(queue));
            Assert.True(caller.IsCompletedSuccessfully, "It went on elsewhere.");
            reader.HasStalled();
        }

        watch.Remove(reader);
        Assert.False(wasReplaced);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_reader_that_is_held_up_is_replaced_once()
    {
        var watch = new ReaderWatch();
        var replaced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int replacements = 0;
        var reader = new ReaderWatch.Reader(watch, () =>
        {
            Interlocked.Increment(ref replacements);
            replaced.TrySetResult();
        });
        watch.Add(reader);
        var queue = new ResumeQueue(static () => { });
        using var release = new ManualResetEventSlim();
        Task caller = After(queue, () => release.Wait(_patience));
        Task<bool> reading = Task.Factory.StartNew(
            () => reader.Run(queue), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        await replaced.Task.WaitAsync(_patience);
        Assert.False(reading.IsCompleted);
        release.Set();
        Assert.False(await reading.WaitAsync(_patience), "Two read now.");
        await caller;
        Assert.Equal(1, replacements);
    }

    [Fact]
    public async Task A_watch_that_has_fallen_asleep_is_woken_by_a_reader_that_is_held_up()
    {
        var watch = new ReaderWatch();
        var replaced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reader = new ReaderWatch.Reader(watch, replaced.SetResult);
        watch.Add(reader);
        Assert.True(SpinWait.SpinUntil(() => watch.IsAsleep, _patience));
        var queue = new ResumeQueue(static () => { });
        using var release = new ManualResetEventSlim();
        Task caller = After(queue, () => release.Wait(_patience));
        Task<bool> reading = Task.Factory.StartNew(
            () => reader.Run(queue), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        await replaced.Task.WaitAsync(_patience);
        release.Set();
        Assert.False(await reading.WaitAsync(_patience));
        await caller;
    }

    [Fact]
    public void A_reader_that_only_reads_is_never_replaced()
    {
        var reader = new ReaderWatch.Reader(new ReaderWatch(), static () => Assert.Fail("It was replaced."));
        Assert.True(reader.Run(new ResumeQueue(static () => { })));
        Assert.False(reader.HasStalled());
        Assert.False(reader.HasStalled());
    }

    private static Task After(ResumeQueue queue, Action then)
    {
        var signal = new StreamSignal();
        signal.Reset(isBlocking: false);
        queue.Add(signal);
        return Go();

        async Task Go()
        {
            await signal.Wait().ConfigureAwait(false);
            then();
        }
    }
}
