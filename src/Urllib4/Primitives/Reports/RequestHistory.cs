using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// One request of a call that was followed by another at the cost of a counter of <see cref="Retry"/>: what was asked, and what became of
/// it; urllib3's <c>RequestHistory</c>.
/// </summary>
/// <remarks>
/// Immutable, so safe to share between threads. The last request of a call has no entry: its outcome is the response or the error. Nor has
/// one that is sent again at no cost; <see cref="UrllibResponse.Attempts"/> counts all of them.
/// </remarks>
public sealed record RequestHistory
{
    /// <summary>The method that was sent.</summary>
    public required string Method { get; init; }

    /// <summary>The absolute URL that was asked for.</summary>
    public required Url Url { get; init; }

    /// <summary>The failure, or null when a response came.</summary>
    public HttpException? Error { get; init; }

    /// <summary>The status of the response, or null when none came.</summary>
    public int? Status { get; init; }

    /// <summary>The <c>Location</c> of a redirect as the server wrote it, not resolved; null when it was no redirect.</summary>
    public string? RedirectLocation { get; init; }

    /// <summary>For example <c>GET http://example.com/a?***: 302 to '/b'</c>.</summary>
    /// <returns>A short text without secrets.</returns>
    public override string ToString()
    {
        string to = RedirectLocation is null ? "" : $" to '{Escaping.ShowUrl(RedirectLocation)}'";
        string outcome = Error is null ? $"{Status}{to}" : $"{Error.GetType().Name}: {Error.Sentence}";
        return $"{Method} {FactText.Of(Url)}: {outcome}";
    }
}
