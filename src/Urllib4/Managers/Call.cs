using Urllib4.Connections;
using Urllib4.Diagnostics;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol.Http1;

namespace Urllib4.Managers;

/// <summary>
/// What changes in the course of one call: the request of the present hop, what is left of the retries, what was replayed.
/// </summary>
internal sealed class Call(
    OutgoingRequest request, PoolOptions options, RequestOptions own, RetryBudgetMeter budget, CancellationToken cancellationToken)
    : ICaller
{
    public OutgoingRequest Request { get; private set; } = request;

    public Retry Retries { get; set; } = own.Retries ?? options.Retries;

    public HttpTimeout Timeout { get; } = own.Timeout ?? options.Timeout;

    public Deadline Total { get; } = Deadline.In((own.Timeout ?? options.Timeout).Total, options.Clock);

    public RequestOptions Own => own;

    /// <summary>Writes the call down; null unless the caller wants to see it.</summary>
    public CallRecorder? Recorder { get; } = own.Explain ? new CallRecorder(options.Clock) : null;

    public PoolOptions Options => options;

    /// <summary>Whether this hop was already sent again at no cost.</summary>
    public bool WasReplayed { get; private set; }

    /// <summary>Whether the next attempt must not use an idle connection, since it is made because of one.</summary>
    public bool WantsFresh { get; private set; }

    public RedirectOptions? Redirects => own.Redirect ? own.Redirects ?? options.Redirects : null;

    public ExchangeTerms Terms => new(Timeout, Total, cancellationToken)
    {
        OnInformational = own.OnInformational,
        UploadProgress = own.UploadProgress,
    };

    /// <summary>The head of the present hop, for a host that is named so.</summary>
    public RequestHead HeadFor(string host) => new(
        Request.Method,
        Request.Target,
        host,
        Request.Headers,
        Request.Body is not { } body ? BodyFraming.None : body.Length is { } length ? BodyFraming.OfLength(length) : BodyFraming.Chunked);

    /// <summary>What is left of the deadline; null when there is none.</summary>
    public TimeSpan? Remaining => Total.IsSet ? Total.Remaining : null;

    private TimeSpan Now => options.Clock.GetElapsedTime(0, options.Clock.GetTimestamp());

    /// <summary>Counts the call as traffic; retries are a share of it.</summary>
    public void Begin() => budget.CountRequest(Now);

    /// <summary>Takes a retry from the budget of the manager.</summary>
    public bool TryTakeRetry() => budget.TryTake(Now);

    /// <summary>The pause after what was counted last.</summary>
    public static TimeSpan PauseAfter(Retry retries, string? retryAfter, TimeSpan? remaining, TimeProvider clock) =>
        retries.Delay(retryAfter, clock.GetUtcNow(), remaining, Random.Shared.NextDouble);

    public void BodyBegan() => Recorder?.Enter(HttpPhase.Body);

    public void BodyEnded(Exchange exchange) => Recorder?.Ended(exchange.Connection);

    public void BodyFailed(HttpException error, Exchange exchange)
    {
        error.Connection ??= exchange.Connection;
        error.ServerMayHaveActed = true;
        error.NotRetriedBecause ??= $"the {Request.Method} was not resent because the response had begun";
        Blame(error);
    }

    /// <summary>Completes an error with what is known of the call.</summary>
    public void Blame(HttpException error)
    {
        error.Url ??= Request.Url;
        if (error.History.Count == 0)
            error.History = Retries.History;
        Recorder?.Failed(error);
        error.Report = Recorder?.Report();
    }

    public void Replay() => WasReplayed = WantsFresh = true;

    /// <summary>
    /// Takes <c>Expect</c> out of the request, for a server that cannot meet it (RFC 9110, section 10.1.1); false when there is none, so
    /// that this happens once.
    /// </summary>
    public bool TryDropExpectation()
    {
        if (!Request.Headers.Contains("Expect"))
            return false;
        HttpHeaderDict headers = Request.Headers.Clone();
        headers.Remove("Expect");
        Request = Request with { Headers = headers.Freeze() };
        return true;
    }

    public void Again(Retry retries)
    {
        Retries = retries;
        WantsFresh = false;
    }

    public void Follow(RedirectStep step, Retry retries)
    {
        RequestBody? body = step.KeepsBody ? Request.Body : null;
        Request = new OutgoingRequest(step.Method, step.Url, step.Url.RequestUri, step.Headers, body);
        Retries = retries;
        WasReplayed = WantsFresh = false;
    }
}
