using Urllib4.Connections;
using Urllib4.Diagnostics;
using Urllib4.Policies;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>
/// What changes in the course of one call: the request of the present hop, what is left of the retries, what was replayed.
/// </summary>
internal sealed class Call(
    OutgoingRequest request,
    PoolOptions options,
    RequestOptions own,
    RetryBudgetMeter budget,
    AuthMemory memory,
    CancellationToken cancellationToken)
    : ICaller
{
    private CallCredentials? _credentials = own.Auth is not null || options.Credentials is not null || request.Url.HasAuth
        ? new CallCredentials(request.Url, own.Auth, options.Credentials, memory)
        : null;

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

    /// <summary>How many proxies could not be used, so that the next one was tried.</summary>
    public int PassedOver { get; private set; }

    private BodyFraming Framing =>
        Request.Body is not { } body ? BodyFraming.None : body.Length is { } length ? BodyFraming.OfLength(length) : BodyFraming.Chunked;

    /// <summary>Finds out, before an attempt, who this side is to the origin.</summary>
    public ValueTask FindCredentials<TMode>()
        where TMode : struct, IWaitMode => _credentials is null ? default : _credentials.Find<TMode>(Request, cancellationToken);

    /// <summary>The head of the present hop, for the connections of a pool.</summary>
    public RequestHead HeadFor(ConnectionPool pool)
    {
        if (pool.Forwarder is { } hop)
            return HeadFor(hop);
        _credentials?.LeaveProxy();
        HttpHeaderDict headers = Request.Headers;
        // Meant for a proxy that takes no part in this hop: no origin may see it (PX-01).
        bool isAstray = headers.Contains(HeaderNames.ProxyAuthorization);
        if (_credentials is not null || isAstray)
        {
            headers = headers.Clone();
            headers.Remove(HeaderNames.ProxyAuthorization);
            _credentials?.AddTo(headers);
            headers.Freeze();
        }

        return new RequestHead(Request.Method, Request.Target, pool.HostHeader, headers, Framing);
    }

    /// <summary>Whether a response is a challenge, and there is an answer to it, which the next attempt gives.</summary>
    public bool TryAnswer(ResponseHead head) => _credentials?.TryAnswer(head.Status, head.Headers) == true;

    /// <summary>Whether a server that was to prove that it knows the password did so.</summary>
    public bool Confirms(ResponseHead head) => _credentials?.Confirm(head.Status, head.Headers) != false;

    /// <summary>Goes on with another proxy.</summary>
    public void PassOver() => PassedOver++;

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

    private RequestHead HeadFor(ProxyHop hop)
    {
        _credentials ??= new CallCredentials(Request.Url, null, null, memory);
        HttpHeaderDict headers = Request.Headers.Clone();
        string target = Request.ForwardedTarget;
        _credentials.AddTo(headers);
        if (hop.Proxy.Headers is { } own)
            headers.Update(own);
        _credentials.AddTo(headers, hop, Request, target);
        return new RequestHead(Request.Method, target, Request.Url.Origin.HostHeader, headers.Freeze(), Framing);
    }
}
