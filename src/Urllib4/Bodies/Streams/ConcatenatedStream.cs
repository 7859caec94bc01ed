using Urllib4.Waiting;

namespace Urllib4.Bodies;

/// <summary>Reads bodies one after the other. Each is opened when its turn comes and disposed at its end, so at most one is open.</summary>
internal sealed class ConcatenatedStream(IReadOnlyList<RequestBody> bodies) : ForwardStream
{
    private int _next;
#pragma warning disable CA2213 // Release disposes it, where the rule does not look
    private Stream? _current;
#pragma warning restore CA2213

    public override int Read(Span<byte> buffer)
    {
        ThrowIfReleased();
        while (!buffer.IsEmpty && Current() is { } current)
        {
            int count = current.Read(buffer);
            if (count > 0)
                return count;
            Blocking.Result(Advance<Blocking>());
        }

        return 0;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfReleased();
        while (!buffer.IsEmpty && Current() is { } current)
        {
            int count = await current.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count > 0)
                return count;
            await Advance<Asynchronous>().ConfigureAwait(false);
        }

        return 0;
    }

    protected override ValueTask Release<TMode>()
    {
        _next = bodies.Count;
        return Advance<TMode>();
    }

    private Stream? Current() => _current ?? (_next < bodies.Count ? _current = bodies[_next++].Open() : null);

    private ValueTask Advance<TMode>() where TMode : struct, IWaitMode
    {
        var done = _current;
        _current = null;
        return done is null ? default : TMode.Dispose(done);
    }
}
