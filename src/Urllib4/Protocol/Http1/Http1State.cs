namespace Urllib4.Protocol.Http1;

/// <summary>How far the request has got.</summary>
internal enum RequestState : byte
{
    Idle,
    Body,
    Complete,
    Failed,
}

/// <summary>What happens to the request.</summary>
internal enum RequestEvent : byte
{
    HeadAlone,
    HeadWithBody,
    Data,
    End,
    Fail,
    Next,
}

/// <summary>How far the response has got.</summary>
internal enum ResponseState : byte
{
    Idle,
    Head,
    Body,
    Complete,
    Switched,
    Failed,
}

/// <summary>What happens to the response.</summary>
internal enum ResponseEvent : byte
{
    Asked,
    Informational,
    HeadAlone,
    HeadWithBody,
    Switch,
    Data,
    End,
    Fail,
    Next,
}

/// <summary>
/// Where one exchange stands. Two rules: everything that changes it is in this file, and this file knows no bytes.
/// Request and response move on their own, because a server may answer before it has read everything (RFC 9112, section 9.5); they
/// meet where a request head makes a response due, and where the next exchange begins.
/// </summary>
internal struct Http1State
{
    private const RequestState NoRequest = (RequestState)byte.MaxValue;
    private const ResponseState NoResponse = (ResponseState)byte.MaxValue;

    private bool _spent;

    public RequestState Request { get; private set; }

    public ResponseState Response { get; private set; }

    /// <summary>Whether the exchange is over on both sides and nothing forbids another one.</summary>
    public readonly bool CanReuse => Request is RequestState.Complete && Response is ResponseState.Complete && !_spent;

    // Columns: HeadAlone, HeadWithBody, Data, End, Fail, Next.
    private static ReadOnlySpan<RequestState> Requests =>
    [
        /* Idle     */ RequestState.Complete, RequestState.Body, NoRequest, NoRequest, RequestState.Failed, NoRequest,
        /* Body     */ NoRequest, NoRequest, RequestState.Body, RequestState.Complete, RequestState.Failed, NoRequest,
        /* Complete */ NoRequest, NoRequest, NoRequest, NoRequest, RequestState.Failed, RequestState.Idle,
        /* Failed   */ NoRequest, NoRequest, NoRequest, NoRequest, RequestState.Failed, NoRequest,
    ];

    // Columns: Asked, Informational, HeadAlone, HeadWithBody, Switch | Data, End, Fail, Next.
    private static ReadOnlySpan<ResponseState> Responses =>
    [
        /* Idle     */ ResponseState.Head, NoResponse, NoResponse, NoResponse, NoResponse,
                       NoResponse, NoResponse, ResponseState.Failed, NoResponse,
        /* Head     */ NoResponse, ResponseState.Head, ResponseState.Complete, ResponseState.Body, ResponseState.Switched,
                       NoResponse, NoResponse, ResponseState.Failed, NoResponse,
        /* Body     */ NoResponse, NoResponse, NoResponse, NoResponse, NoResponse,
                       ResponseState.Body, ResponseState.Complete, ResponseState.Failed, NoResponse,
        /* Complete */ NoResponse, NoResponse, NoResponse, NoResponse, NoResponse,
                       NoResponse, NoResponse, ResponseState.Failed, ResponseState.Idle,
        /* Switched */ NoResponse, NoResponse, NoResponse, NoResponse, NoResponse,
                       NoResponse, NoResponse, ResponseState.Failed, NoResponse,
        /* Failed   */ NoResponse, NoResponse, NoResponse, NoResponse, NoResponse,
                       NoResponse, NoResponse, ResponseState.Failed, NoResponse,
    ];

    /// <summary>The table: the state that follows, or null where the event has no business.</summary>
    public static RequestState? After(RequestState state, RequestEvent happened)
    {
        RequestState next = Requests[((int)state * ((int)RequestEvent.Next + 1)) + (int)happened];
        return next is NoRequest ? null : next;
    }

    /// <inheritdoc cref="After(RequestState, RequestEvent)"/>
    public static ResponseState? After(ResponseState state, ResponseEvent happened)
    {
        ResponseState next = Responses[((int)state * ((int)ResponseEvent.Next + 1)) + (int)happened];
        return next is NoResponse ? null : next;
    }

    /// <exception cref="InvalidOperationException">The event has no business in this state: the caller's mistake.</exception>
    public void Apply(RequestEvent happened)
    {
        Request = After(Request, happened) ?? throw Misuse(happened, Request);
        if (happened is RequestEvent.HeadAlone or RequestEvent.HeadWithBody)
            Apply(ResponseEvent.Asked);
    }

    /// <inheritdoc cref="Apply(RequestEvent)"/>
    public void Apply(ResponseEvent happened) => Response = After(Response, happened) ?? throw Misuse(happened, Response);

    /// <summary>Fails for an event that <see cref="Apply(RequestEvent)"/> would refuse, before anything is done for it.</summary>
    public readonly void Require(RequestEvent coming) => _ = After(Request, coming) ?? throw Misuse(coming, Request);

    /// <inheritdoc cref="Require(RequestEvent)"/>
    public readonly void Require(ResponseEvent coming) => _ = After(Response, coming) ?? throw Misuse(coming, Response);

    /// <summary>Makes this the last exchange of the connection.</summary>
    public void ForbidReuse() => _spent = true;

    /// <summary>Goes back to the beginning for another exchange.</summary>
    public void StartNext()
    {
        if (!CanReuse)
            throw new InvalidOperationException(
                $"The connection cannot take another request: request {Request}, response {Response}, spent {_spent}.");
        Apply(RequestEvent.Next);
        Apply(ResponseEvent.Next);
    }

    private static InvalidOperationException Misuse<TEvent, TState>(TEvent happened, TState state)
        where TEvent : struct, Enum
        where TState : struct, Enum => new($"{happened} cannot follow while the {typeof(TState).Name} is {state}.");
}
