namespace Urllib4.Waiting;

/// <summary>Waits by giving the thread back until there is something to do.</summary>
internal readonly struct Asynchronous : IWaitMode
{
    public static bool IsBlocking => false;

    public static ValueTask<int> Read(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken) =>
        stream.ReadAsync(buffer, cancellationToken);

    public static ValueTask Write(Stream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        stream.WriteAsync(data, cancellationToken);

    public static ValueTask Dispose(Stream stream) => stream.DisposeAsync();

    public static ValueTask<bool> Wait(Signal signal, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken) =>
        signal.WaitAsynchronous(limit, clock, cancellationToken);

    public static ValueTask Delay(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken) =>
        new(Task.Delay(time, clock, cancellationToken));

    public static ValueTask<TResult> Either<TArgument, TResult>(
        Func<TArgument, TResult> blocking, Func<TArgument, ValueTask<TResult>> asynchronous, TArgument argument) => asynchronous(argument);
}
