using Urllib4.Connections;
using Urllib4.Policies;
using Urllib4.Primitives;

namespace Urllib4.Managers;

/// <summary>What holds for a call from its beginning to its end.</summary>
/// <param name="Options">What holds for every request of the manager.</param>
/// <param name="Own">What this one does differently.</param>
/// <param name="Observer">Who is asked about its redirects instead of the options; null for nobody.</param>
/// <param name="CancellationToken">Cancelled when the caller gives up.</param>
internal readonly record struct CallTerms(
    PoolOptions Options, RequestOptions Own, RedirectObserver? Observer, CancellationToken CancellationToken)
{
    public HttpTimeout Timeout { get; } = TimeoutOf(Own, Options);

    /// <summary>The end of the whole call.</summary>
    public Deadline Total { get; } = Deadline.In(TimeoutOf(Own, Options).Total, Options.Clock);

    /// <summary>What is left of the deadline; null when there is none.</summary>
    public TimeSpan? Remaining => Total.IsSet ? Total.Remaining : null;

    /// <summary>How much of a body is held in memory.</summary>
    public DecodeLimits DecodeLimits => Own.DecodeLimits?.Over(Options.DecodeLimits) ?? Options.DecodeLimits;

    /// <summary>How redirects are followed; null when they are not.</summary>
    public RedirectOptions? Redirects => !Own.Redirect ? null
        : Own.KeepsIfRange ? Given with { KeepHeadersAcrossOrigins = Given.KeepHeadersAcrossOrigins.Add("If-Range") }
        : Given;

    /// <summary>Who has a say in each redirect; null for nobody.</summary>
    public Func<RedirectContext, RedirectDecision>? OnRedirect => Observer is null ? Redirects?.OnRedirect : Observer.OnRedirect;

    /// <summary>What holds for each exchange.</summary>
    public ExchangeTerms Exchange => new(Timeout, Total, CancellationToken)
    {
        OnInformational = Own.OnInformational,
        UploadProgress = Own.UploadProgress,
    };

    private RedirectOptions Given => Own.Redirects?.Over(Options.Redirects) ?? Options.Redirects;

    private static HttpTimeout TimeoutOf(RequestOptions own, PoolOptions options) =>
        own.Timeout?.Over(options.Timeout) ?? options.Timeout;
}
