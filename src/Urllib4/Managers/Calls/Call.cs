using Urllib4.Connections;
using Urllib4.Diagnostics;
using Urllib4.Policies;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>
/// What changes in the course of one call: the request of the present hop, what is left of the retries, what was replayed. Lives in the
/// frame of the loop and is passed by reference, so that a call that ends at once costs no object.
/// </summary>
internal struct Call(
    OutgoingRequest request,
    PoolOptions options,
    RequestOptions own,
    RetryBudgetMeter budget,
    AuthMemory memory,
    RedirectObserver? observer,
    CancellationToken cancellationToken)
{
    private StickyConnection? _kept;
    private CallCredentials? _credentials = own.Auth is not null || options.Credentials is not null || request.Url.HasAuth
        ? new CallCredentials(request.Url, own.Auth, options.Credentials, memory)
        : null;

    public OutgoingRequest Request { get; private set; } = request;

    public Retry Retries { get; set; } = own.Retries ?? options.Retries;

    public HttpTimeout Timeout { get; } = own.Timeout ?? options.Timeout;

    public Deadline Total { get; } = Deadline.In((own.Timeout ?? options.Timeout).Total, options.Clock);

    public readonly RequestOptions Own => own;

    /// <summary>Tells of the call; null unless somebody listens.</summary>
    public CallRecorder? Recorder { get; } = CallRecorder.For(own.Explain, options.Events, options.Clock);

    public readonly PoolOptions Options => options;

    /// <summary>Whether this hop was already sent again at no cost.</summary>
    public bool WasReplayed { get; private set; }

    /// <summary>Whether the next attempt must not use an idle connection, since it is made because of one.</summary>
    public bool WantsFresh { get; private set; }

    public readonly RedirectOptions? Redirects => !own.Redirect ? null
        : observer is not null ? (own.Redirects ?? options.Redirects) with { OnRedirect = observer.OnRedirect }
        : own.Redirects ?? options.Redirects;

    public ExchangeTerms Terms => new(Timeout, Total, cancellationToken)
    {
        OnInformational = own.OnInformational,
        UploadProgress = own.UploadProgress,
    };

    /// <summary>Who the connections of the present hop are bound to; null when they are anybody's.</summary>
    public readonly HttpAuth? BoundAuth => _credentials?.BoundAuth;

    /// <summary>How many proxies could not be used, so that the next one was tried.</summary>
    public int PassedOver { get; private set; }

    private BodyFraming Framing =>
        Request.Body is not { } body ? BodyFraming.None : body.Length is { } length ? BodyFraming.OfLength(length) : BodyFraming.Chunked;

    // With the place in the trace, if there is one; the request itself stays as it is, since the next attempt has a place of its own.
    private readonly HttpHeaderDict Traced => Recorder is null ? Request.Headers : UrllibTracing.Propagate(Request.Headers);

    /// <summary>Finds out, before an attempt, who this side is to the origin.</summary>
    public ValueTask FindCredentials<TMode>()
        where TMode : struct, IWaitMode => _credentials is null ? default
            : _credentials.Find<TMode>(Request, Total, options.Clock, cancellationToken);

    /// <summary>The head of the present hop, for the connections of a pool.</summary>
    public RequestHead HeadFor(ConnectionPool pool)
    {
        if (pool.Forwarder is { } hop)
            return HeadFor(hop);
        _credentials?.LeaveProxy();
        HttpHeaderDict headers = Traced;
        // Meant for a proxy that takes no part in this hop: no origin may see it (PX-01).
        bool isAstray = headers.Contains(HeaderNames.ProxyAuthorization);
        if (_credentials is not null || isAstray)
        {
            headers = headers.Clone();
            headers.Remove(HeaderNames.ProxyAuthorization);
            _credentials?.AddTo(headers);
            headers.Freeze();
        }

        return new RequestHead(Request.Method, Request.Target, pool.HostHeader, headers, Framing)
        {
            Block = ReferenceEquals(Request.Block?.Headers, headers) ? Request.Block : null,
        };
    }

    /// <summary>
    /// Takes what a pool lends, and sees to it that it stays with the call until it is known who this side is, where that matters.
    /// </summary>
    public Lease Guard(ConnectionPool pool, HttpConnection connection)
    {
        var lease = new Lease(connection, pool);
        if (BoundAuth is null && pool.Forwarder?.BindsConnections != true)
            return lease;
        _kept = new StickyConnection(pool);
        return _kept.Keep(lease);
    }

    /// <summary>The connection on which the last leg was answered; null when there is none.</summary>
    public readonly Lease? TakeKept() => _kept?.Take();

    /// <summary>The connection goes its usual way from now on.</summary>
    public void LetGo()
    {
        _kept?.End();
        _kept = null;
    }

    /// <summary>Ends the attempt with what is none of our errors: a cancellation, or what a callback threw.</summary>
    public void GiveUp(Exception reason, Exchange? exchange)
    {
        Recorder?.Failed(reason, exchange?.Connection);
        exchange?.Finish();
        LetGo();
    }

    /// <summary>Whether a response is a challenge, and there is an answer to it, which the next attempt gives.</summary>
    public bool TryAnswer(ResponseHead head) => _credentials?.TryAnswer(head.Status, head.Headers) == true;

    /// <summary>Whether a server that was to prove that it knows the password did so.</summary>
    public bool Confirms(ResponseHead head) => _credentials?.Confirm(head.Status, head.Headers) != false;

    /// <summary>Goes on with another proxy.</summary>
    public void PassOver()
    {
        PassedOver++;
        Recorder?.Because(AttemptCause.Rerouted);
    }

    /// <summary>What is left of the deadline; null when there is none.</summary>
    public TimeSpan? Remaining => Total.IsSet ? Total.Remaining : null;

    /// <summary>Counts the call as traffic; retries are a share of it.</summary>
    public void Begin() => budget.CountRequest(options.Clock.GetCoarseTime());

    /// <summary>Another attempt begins, unless the caller does not want it any more.</summary>
    public void BeginAttempt()
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            Recorder?.Begin(Request.Method, Request.Url); // throws what a listener threw
        }
        catch
        {
            // Between two legs there is no exchange that would give the connection back.
            LetGo();
            throw;
        }
    }

    /// <summary>Takes a retry from the budget of the manager.</summary>
    public bool TryTakeRetry() => budget.TryTake(options.Clock.GetCoarseTime());

    /// <summary>The pause after what was counted last.</summary>
    public static TimeSpan PauseAfter(Retry retries, string? retryAfter, TimeSpan? remaining, TimeProvider clock) =>
        retries.Delay(retryAfter, clock.GetUtcNow(), remaining, Random.Shared.NextDouble);

    /// <summary>Who is told how a body ends that is read when the call is over.</summary>
    public readonly ResponseBodyObserver ForBody() => new(Request.Method, Request.Url, Retries, Recorder);

    /// <inheritdoc cref="ResponseBodyObserver.Blame"/>
    public readonly void Blame(HttpException error) => ResponseBodyObserver.Blame(error, Request.Url, Retries, Recorder);

    public void Replay()
    {
        WasReplayed = WantsFresh = true;
        Recorder?.Because(AttemptCause.Replay);
    }

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
        Recorder?.Because(AttemptCause.Retry);
    }

    public void Follow(RedirectStep step, Retry retries)
    {
        RequestBody? body = step.KeepsBody ? Request.Body : null;
        Request = new OutgoingRequest(step.Method, step.Url, step.Url.RequestUri, step.Headers, body);
        Retries = retries;
        WasReplayed = WantsFresh = false;
        Recorder?.Because(AttemptCause.Redirect);
    }

    private RequestHead HeadFor(ProxyHop hop)
    {
        _credentials ??= new CallCredentials(Request.Url, null, null, memory);
        HttpHeaderDict headers = Traced.Clone();
        string target = Request.ForwardedTarget;
        _credentials.AddTo(headers);
        if (hop.Proxy.Headers is { } own)
            headers.Update(own);
        _credentials.AddTo(headers, hop, Request, target);
        return new RequestHead(Request.Method, target, Request.Url.Origin.HostHeader, headers.Freeze(), Framing);
    }
}
