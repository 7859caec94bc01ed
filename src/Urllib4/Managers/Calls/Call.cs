using System.Collections.Immutable;
using System.Net;
using Urllib4.Connections;
using Urllib4.Diagnostics;
using Urllib4.Policies;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.Protocol;

namespace Urllib4.Managers;

/// <summary>
/// What one call owns: its terms, and what changes from attempt to attempt. Lives in the frame of the loop and is passed by reference, so
/// that a call that ends at once costs no object.
/// </summary>
internal struct Call(OutgoingRequest request, CallTerms terms, AuthMemory memory)
{
    private static readonly Func<double> _chance = static () => Random.Shared.NextDouble();

    private CallCredentials? _credentials = CallCredentials.For(request.Url, terms, memory);
    private ImmutableList<SentRequest>? _redirected;
    private bool _wasReplayed; // in this hop

    /// <summary>What holds for all of it.</summary>
    public readonly CallTerms Terms => terms;

    /// <summary>The request of the present hop.</summary>
    public OutgoingRequest Request { get; private set; } = request;

    /// <summary>What is left of the retries.</summary>
    public Retry Retries { get; private set; } = terms.Own.Retries ?? terms.Options.Retries;

    /// <summary>What the way of the present hop depends on.</summary>
    public readonly RequestOptions OwnForWay
    {
        get
        {
            RequestOptions own = terms.Own.ServerName is { } name && Request.Headers.Contains(HeaderNames.Host)
                ? terms.Own with { Tls = (terms.Own.Tls ?? terms.Options.Tls) with { ServerHostname = name } }
                : terms.Own;
            // HTTP/2 switches to no other protocol (RFC 9113, section 8.6).
            bool needsHttp11 = (own.HttpVersions ?? terms.Options.HttpVersions) != HttpVersions.Http11
                && Request.Headers.Contains(HeaderNames.Upgrade);
            return needsHttp11 ? own with { HttpVersions = HttpVersions.Http11 } : own;
        }
    }

    /// <summary>How many attempts were begun.</summary>
    public int Attempts { get; private set; }

    /// <summary>How many proxies could not be used, so that the next one was tried.</summary>
    public int PassedOver { get; private set; }

    /// <summary>How the next attempt gets its connection.</summary>
    public CallConnection Connection;

    /// <summary>Tells of the call; null unless somebody listens.</summary>
    public CallRecorder? Recorder { get; } = CallRecorder.For(terms.Own.Explain, terms.Options.Events, terms.Options.Clock);

    /// <summary>Who this side is to the origin; null when nobody says so.</summary>
    public readonly CallCredentials? Credentials => _credentials;

    /// <summary>What a judge has to know.</summary>
    public readonly CallFacts Facts => new()
    {
        Request = Request,
        Retries = Retries,
        Redirects = terms.Redirects,
        FollowsChoices = terms.Own.IsLenient,
        HonoursIdempotencyKey = terms.Own.HonoursIdempotencyKey,
        WasReplayed = _wasReplayed,
        WantedFresh = Connection.WantsFresh,
        Attempts = Attempts,
        Redirected = _redirected ?? [],
        Remaining = terms.Remaining,
        Clock = terms.Options.Clock,
        Chance = _chance,
    };

    /// <summary>Another attempt begins, unless the caller does not want it any more.</summary>
    public void BeginAttempt()
    {
        Attempts++;
        try
        {
            terms.CancellationToken.ThrowIfCancellationRequested();
            Recorder?.Begin(Request.Method, Request.Url); // throws what a listener threw
        }
        catch
        {
            // Between two legs there is no exchange that would give the connection back.
            Connection.LetGo();
            throw;
        }
    }

    /// <summary>The head of the present hop, for the connections of a pool.</summary>
    /// <exception cref="InvalidRequestException">It cannot be sent.</exception>
    public RequestHead HeadFor(ConnectionPool pool)
    {
        // With the place in the trace, if there is one; the request stays as it is, since the next attempt has a place of its own.
        HttpHeaderDict headers = Recorder is null ? Request.Headers : UrllibTracing.Propagate(Request.Headers, terms.Own.Propagator);
        if (pool.Forwarder is not null)
            _credentials ??= CallCredentials.ForProxies(memory);
        RequestHead head = HopHead.For(Request, headers, _credentials, pool);
        return terms.Own.IsLenient && head.Terms is { } known ? head with { Terms = known with { AcceptsAnySwitch = true } } : head;
    }

    /// <summary>
    /// Begins the exchange of an attempt. A connection stays with the call until it is known who this side is, where that is said once for
    /// a connection.
    /// </summary>
    /// <param name="pool">Whose connection it is.</param>
    /// <param name="borrowed">What the pool lends; null for the connection that has stayed with the call.</param>
    /// <param name="head">Where the head of the response goes; null for a new one.</param>
    public ExchangeHandle Begin(ConnectionPool pool, HttpConnection? borrowed, ResponseHead? head)
    {
        bool isBound = _credentials?.BoundAuth is not null || pool.Forwarder?.BindsConnections == true;
        Lease lease = borrowed is null ? Connection.TakeKept() : Connection.Take(pool, borrowed, isBound);
        return lease.Connection.Begin(lease, ExchangeFor(head));
    }

    /// <summary>What a caller is told who has a say in a redirect.</summary>
    public readonly RedirectContext Describe(RedirectStep step, ResponseHead head) => new()
    {
        From = Request.Url,
        To = step.Url,
        Status = head.Status,
        ResponseHeaders = head.Headers.AsReadOnly(),
        Method = step.Method,
        Headers = step.Headers,
        KeepsBody = step.KeepsBody,
        History = Retries.History,
    };

    /// <summary>The next attempt is to be what a verdict says.</summary>
    public void Apply(Verdict.GoOn verdict)
    {
        Connection.WantsFresh = verdict.WantsFresh;
        switch (verdict)
        {
            case Verdict.Replay:
                _wasReplayed = true;
                Recorder?.Because(AttemptCause.Replay);
                break;
            case Verdict.Again again:
                Retries = again.Retries;
                Recorder?.Because(AttemptCause.Retry);
                break;
            case Verdict.Amend amended:
                Request = amended.Request;
                break;
            case Verdict.Reroute:
                PassedOver++;
                Recorder?.Because(AttemptCause.Rerouted);
                break;
            case Verdict.Follow { Step: var step } follow:
                _redirected = (_redirected ?? []).Add(new SentRequest(Request.Method, Request.Url, Request.Headers));
                Request = new OutgoingRequest(
                    step.Method, step.Url, step.Url.RequestUri, step.Headers.Freeze(), step.KeepsBody ? Request.Body : null);
                Retries = follow.Retries;
                _wasReplayed = false;
                Recorder?.Because(AttemptCause.Redirect);
                break;
        }

        Recorder?.GoOn(verdict.Why, verdict.Pause);
    }

    /// <summary>Ends the attempt with what is none of our errors: a cancellation, or what a callback threw.</summary>
    public void GiveUp(Exception reason, ExchangeHandle exchange)
    {
        Recorder?.Failed(reason, exchange.IsNone ? null : exchange.Connection);
        exchange.Finish();
        Connection.LetGo();
    }

    /// <summary>Completes an error with what is known of the attempt and the call.</summary>
    public readonly void Complete(HttpException error, ExchangeHandle exchange)
    {
        if (!exchange.IsNone)
        {
            error.Connection ??= exchange.Connection;
            // A body that cannot be decoded may be noticed when the connection serves somebody else already.
            // A stream that was refused was written, and the server says that it did nothing with it (RFC 9113, section 8.7).
            error.ServerMayHaveActed = error is DecodeException
                || (exchange.Progress != SendProgress.NothingWritten && error is not Http2Exception { ServerMayHaveActed: false });
        }

        ResponseBodyObserver.Blame(error, Request.Url, Retries, Attempts, Recorder);
    }

    /// <summary>Completes the error that the call ends with.</summary>
    public readonly void Complete(Verdict.Fail verdict, ExchangeHandle exchange)
    {
        verdict.Error.NotRetriedBecause ??= verdict.WhyNot;
        Complete(verdict.Error, exchange);
    }

    /// <summary>Who is told how a body ends that is read when the call is over.</summary>
    public readonly ResponseBodyObserver ForBody() => new(Request.Method, Request.Url, Retries, Attempts, Recorder);

    // By itself, so that a call nobody listens to makes no closure.
    private readonly ExchangeTerms ExchangeFor(ResponseHead? head)
    {
        ExchangeTerms exchange = terms.Exchange with { Head = head };
        return Recorder is { WantsHeads: true } recorder
            ? exchange with { OnInformational = Told(recorder, exchange.OnInformational) }
            : exchange;
    }

    private static Action<InformationalResponse> Told(CallRecorder recorder, Action<InformationalResponse>? own) => informational =>
    {
        recorder.Received(informational.Status, "", HttpVersion.Version11, informational.Headers);
        own?.Invoke(informational);
    };
}
