using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Waiting;

/// <summary>What both modes promise, and what sets them apart.</summary>
public sealed class WaitModeTests
{
    private readonly VirtualTime _clock = new();
    private readonly SpyStream _stream = new();

    [Fact]
    public void Blocking_does_each_step_on_the_spot_with_blocking_calls()
    {
        Blocking.Result(Works<Blocking>());
        Assert.Equal(["Write 3", "Read 8", "Dispose"], _stream.Calls);
    }

    [Fact]
    public async Task Asynchronous_passes_each_step_on_with_asynchronous_calls()
    {
        await Works<Asynchronous>();
        Assert.Equal(["WriteAsync 3", "ReadAsync 8", "DisposeAsync"], _stream.Calls);
    }

    [Fact]
    public void The_mode_says_what_it_is() => Assert.Equal((true, false), (IsBlocking<Blocking>(), IsBlocking<Asynchronous>()));

    [Fact]
    public async Task Of_two_spellings_the_one_of_the_mode_is_run()
    {
        Assert.Equal("blocking 7", await Either<Blocking>());
        Assert.Equal("asynchronous 7", await Either<Asynchronous>());
    }

    [Fact]
    public async Task Waiting_passes_limit_clock_and_token_on()
    {
        await WaitsAsTold<Blocking>();
        await WaitsAsTold<Asynchronous>();
    }

    [Fact]
    public async Task An_asynchronous_delay_lets_the_time_pass()
    {
        Task delay = Delay<Asynchronous>(CancellationToken.None).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(delay.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await delay.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_blocking_delay_holds_its_thread_until_the_time_has_passed()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            Blocking.Result(Delay<Blocking>(CancellationToken.None));
            done.SetResult();
        });
        thread.Start();
        _clock.WaitUntilTimers(1);
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(done.Task.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await done.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_delay_can_be_cancelled()
    {
        var cancelled = new CancellationToken(true);
        Assert.Throws<OperationCanceledException>(() => Blocking.Result(Delay<Blocking>(cancelled)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Delay<Asynchronous>(cancelled).AsTask());
    }

    [Fact]
    public void The_way_out_of_a_blocking_chain_unwraps_what_is_complete()
    {
        Blocking.Result(default);
        Assert.Equal(7, Blocking.Result(new ValueTask<int>(7)));
        var error = new IOException("It broke.");
        Assert.Same(error, Assert.Throws<IOException>(() => Blocking.Result(ValueTask.FromException(error))));
        Assert.Same(error, Assert.Throws<IOException>(() => Blocking.Result(ValueTask.FromException<int>(error))));
    }

    [Fact]
    public void The_way_out_of_a_blocking_chain_refuses_what_is_not_complete()
    {
        var never = new TaskCompletionSource<int>();
        Assert.Throws<InvalidOperationException>(() => Blocking.Result(new ValueTask(never.Task)));
        Assert.Throws<InvalidOperationException>(() => Blocking.Result(new ValueTask<int>(never.Task)));
    }

    private static bool IsBlocking<TMode>()
        where TMode : struct, IWaitMode => TMode.IsBlocking;

    private static ValueTask<string> Either<TMode>()
        where TMode : struct, IWaitMode =>
        TMode.Either(static number => $"blocking {number}", static number => new ValueTask<string>($"asynchronous {number}"), 7);

    private async Task WaitsAsTold<TMode>()
        where TMode : struct, IWaitMode
    {
        var signal = new Signal();
        Assert.False(await TMode.Wait(signal, TimeSpan.Zero, _clock, CancellationToken.None));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await TMode.Wait(signal, TimeSpan.FromSeconds(1), _clock, new CancellationToken(true)));
        signal.Set();
        Assert.True(await TMode.Wait(signal, TimeSpan.FromSeconds(1), _clock, CancellationToken.None));
    }

    private ValueTask Delay<TMode>(CancellationToken cancellationToken)
        where TMode : struct, IWaitMode => TMode.Delay(TimeSpan.FromSeconds(1), _clock, cancellationToken);

    private async ValueTask Works<TMode>()
        where TMode : struct, IWaitMode
    {
        await TMode.Write(_stream, new byte[3], CancellationToken.None);
        Assert.Equal(8, await TMode.Read(_stream, new byte[8], CancellationToken.None));
        await TMode.Dispose(_stream);
    }

    private sealed class SpyStream : MemoryStream
    {
        public List<string> Calls { get; } = [];

        public override int Read(Span<byte> buffer) => Note(buffer.Length, "Read");

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return Note(buffer.Length, "ReadAsync");
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Note(buffer.Length, "Write");

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            Note(buffer.Length, "WriteAsync");
        }

        public override void Flush() => Calls.Add("Flush");

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            Calls.Add("FlushAsync");
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            Calls.Add("DisposeAsync");
            return default;
        }

        protected override void Dispose(bool disposing) => Calls.Add("Dispose");

        private int Note(int length, string call)
        {
            Calls.Add($"{call} {length}");
            return length;
        }
    }
}
