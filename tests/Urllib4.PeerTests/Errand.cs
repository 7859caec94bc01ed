namespace Urllib4.PeerTests;

/// <summary>One request of a <see cref="Crowd"/>.</summary>
internal sealed class Errand : IDisposable
{
    private readonly CancellationTokenSource? _impatience;

    /// <summary>Prepares a request.</summary>
    /// <param name="id">Its X-Request-Id, which the response has to repeat.</param>
    /// <param name="patience">The time after which its caller cancels it; null for never.</param>
    public Errand(string id, TimeSpan? patience = null)
    {
        Id = id;
        _impatience = patience is { } time ? new CancellationTokenSource(time) : null;
    }

    public string Id { get; }

    public required string Url { get; init; }

    public required RequestOptions Options { get; init; }

    public string Method { get; init; } = "GET";

    public CancellationToken CancellationToken => _impatience?.Token ?? CancellationToken.None;

    public void Dispose() => _impatience?.Dispose();
}
