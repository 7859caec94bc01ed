namespace Urllib4.Waiting;

/// <summary>
/// One of the two ways to wait, as a type. Whatever may wait is written once, as <c>ValueTask&lt;T&gt; Name&lt;TMode&gt;(…)</c>, and is
/// compiled for each way: under <see cref="Blocking"/> every step is done on the spot and the returned task is already complete; under
/// <see cref="Asynchronous"/> the steps are awaited. Because the mode is a type argument, a blocking call cannot slip into an
/// asynchronous chain.
/// </summary>
internal interface IWaitMode
{
    /// <summary>Whether waiting holds the calling thread.</summary>
    static abstract bool IsBlocking { get; }

    /// <summary>Reads what is there, waiting only for the first byte; 0 at the end.</summary>
    static abstract ValueTask<int> Read(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Writes all of it.</summary>
    static abstract ValueTask Write(Stream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Disposes a stream.</summary>
    static abstract ValueTask Dispose(Stream stream);

    /// <summary>Waits for a signal; false when the time is over first.</summary>
    static abstract ValueTask<bool> Wait(Signal signal, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken);

    /// <summary>Lets time pass.</summary>
    static abstract ValueTask Delay(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken);

    /// <summary>For the few calls that exist in two spellings: runs the one of this mode.</summary>
    static abstract ValueTask<TResult> Either<TArgument, TResult>(
        Func<TArgument, TResult> blocking, Func<TArgument, ValueTask<TResult>> asynchronous, TArgument argument);
}
