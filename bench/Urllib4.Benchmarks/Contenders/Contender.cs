namespace Urllib4.Benchmarks;

/// <summary>A client under measurement. What one request is, says its <see cref="Workload"/>; what came back is checked.</summary>
internal abstract class Contender(Target target) : IDisposable
{
    public const string HeaderName = "Cache-Control";

    // What nginx says about the TLS session of the request: r for a resumed one.
    public const string ResumedName = "X-Resumed";

    private long _resumed; // interlocked

    /// <summary>Requests whose TLS session was a resumed one, so far.</summary>
    public long Resumed => Interlocked.Read(ref _resumed);

    protected Target Target => target;

    protected Workload Work => target.Work;

    /// <summary>Before each round.</summary>
    public virtual void Prepare()
    {
    }

    public void Send()
    {
        switch (Work.Deed)
        {
            case Deed.Own:
                Own();
                break;
            case Deed.Stream:
                CheckLength(Stream());
                break;
            case Deed.Save:
                CheckLength(Save());
                break;
            case Deed.Upload:
                Upload();
                break;
            default:
                throw new NotSupportedException($"Nobody sends {Work}.");
        }
    }

    public ValueTask SendAsync() => Work.Deed switch
    {
        Deed.Own => OwnAsync(),
        Deed.Stream => StreamAsync(),
        Deed.Upload => UploadAsync(),
        _ => throw new NotSupportedException($"Nobody sends {Work} asynchronously."),
    };

    public abstract void Dispose();

    protected abstract void Own();

    /// <summary>Reads the body and drops it; gives its length.</summary>
    protected abstract long Stream();

    protected abstract ValueTask OwnAsync();

    /// <inheritdoc cref="Stream"/>
    protected virtual ValueTask StreamAsync() => throw new NotSupportedException();

    protected virtual ValueTask UploadAsync() => throw new NotSupportedException();

    /// <summary>Reads the body into the file; gives its length.</summary>
    protected abstract long Save();

    protected abstract void Upload();

    protected void Check(int status, string? header, string? resumed, byte[] body)
    {
        if (status != 200 || header?.StartsWith("max-age=", StringComparison.Ordinal) != true || body.Length != Responder.Body.Length)
            throw new InvalidDataException($"The response was {status}, '{header}', {body.Length} bytes.");
        if (resumed is "r")
            Interlocked.Increment(ref _resumed);
    }

    protected static void CheckStatus(int status)
    {
        if (status != 200)
            throw new InvalidDataException($"The response was {status}.");
    }

    protected void CheckLength(long length)
    {
        if (length != Work.Payload)
            throw new InvalidDataException($"The body was {length} bytes, not {Work.Payload}.");
    }
}
