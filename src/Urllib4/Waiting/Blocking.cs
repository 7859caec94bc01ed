namespace Urllib4.Waiting;

/// <summary>Waits by holding the calling thread; nothing is handed to the thread pool.</summary>
internal readonly struct Blocking : IWaitMode
{
    public static bool IsBlocking => true;

    public static ValueTask<int> Read(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken) =>
        new(stream.Read(buffer.Span));

    public static ValueTask Write(Stream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        stream.Write(data.Span);
        return default;
    }

    public static ValueTask Dispose(Stream stream)
    {
        stream.Dispose();
        return default;
    }

    public static ValueTask<bool> Wait(Signal signal, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken) =>
        new(signal.WaitBlocking(limit, clock, cancellationToken));

    public static ValueTask Delay(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        new Signal().WaitBlocking(time, clock, cancellationToken);
        return default;
    }

    public static ValueTask<TResult> Either<TArgument, TResult>(
        Func<TArgument, TResult> blocking, Func<TArgument, ValueTask<TResult>> asynchronous, TArgument argument) => new(blocking(argument));

    /// <summary>The one way out of a blocking chain: its task is complete, or a step of the chain waited in the wrong mode.</summary>
    /// <exception cref="InvalidOperationException">The task is not complete, which is a mistake in this library.</exception>
    public static T Result<T>(ValueTask<T> task)
    {
        if (!task.IsCompleted)
            throw new InvalidOperationException("A blocking call met an unfinished task: a step below it does not pass its wait mode on.");
#pragma warning disable RS0030 // the asserted task is complete, so this only unwraps it
        return task.GetAwaiter().GetResult();
#pragma warning restore RS0030
    }

    /// <inheritdoc cref="Result{T}"/>
    public static void Result(ValueTask task)
    {
        if (!task.IsCompleted)
            throw new InvalidOperationException("A blocking call met an unfinished task: a step below it does not pass its wait mode on.");
#pragma warning disable RS0030 // the asserted task is complete, so this only unwraps it
        task.GetAwaiter().GetResult();
#pragma warning restore RS0030
    }

    /// <summary>Holds the calling thread until a function of the caller's, which knows no other way to wait, is done.</summary>
    public static T Hold<T>(ValueTask<T> pending)
    {
        Task<T> task = pending.AsTask();
        if (!task.IsCompleted)
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        return Result(new ValueTask<T>(task));
    }
}
