namespace Urllib4;

/// <summary>
/// Is told what happens in every call and to every connection of a manager or pool, step by step. Override what is of interest, and set an
/// instance as <see cref="PoolOptions.Events"/>. The library writes its own spans, metrics and reports in this way.
/// </summary>
/// <remarks>
/// <para>One instance serves all calls at once, so it has to be safe to use from several threads; the events of one attempt come one after
/// another. Each is told on the thread on which it happens, and outside of every lock: whoever takes his time here takes it from the call.
/// </para>
/// <para>What an override throws ends the call, as soon as the step under way is over, and closes its connection. But once the call has
/// its result, the head of a response or an error, there is nothing left to end: what is thrown from then on is dropped, and so is what
/// <see cref="ConnectionOpened"/> and <see cref="ConnectionClosed"/> throw. A connection is never lost by it.</para>
/// <para>Heads are told as they are and with their secrets, by <see cref="Sending"/> and <see cref="Received"/> alone, and bodies by
/// <see cref="SendingBody"/> and <see cref="BodyReceived"/>. Nothing is told of a call that was refused before it began.
/// <see cref="WireLog"/> writes all but the bodies as text, without secrets.</para>
/// </remarks>
public abstract class HttpEvents
{
    /// <summary>An attempt begins: the first of a call, a retry, a replay, or the next hop of redirects.</summary>
    /// <param name="attempt">The attempt.</param>
    public virtual void AttemptStarted(HttpAttempt attempt)
    {
    }

    /// <summary>
    /// A phase begins. There is a <see cref="HttpPhase.PoolWait"/> only in a full pool, and a <see cref="HttpPhase.Resolve"/>,
    /// <see cref="HttpPhase.Connect"/> and <see cref="HttpPhase.Tls"/> only for a new connection. <see cref="HttpPhase.Body"/> lasts until
    /// the caller has read the body or given it up.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="phase">The phase.</param>
    public virtual void PhaseStarted(HttpAttempt attempt, HttpPhase phase)
    {
    }

    /// <summary>A phase is over, well or not.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="phase">The phase, and how long it took on <see cref="PoolOptions.Clock"/>.</param>
    public virtual void PhaseEnded(HttpAttempt attempt, PhaseTime phase)
    {
    }

    /// <summary>
    /// A name was resolved, by the resolver or from what it said before: of the origin, or of the proxy on the way to it. Not told of a
    /// connection that is used again, nor of a URL whose host is an address.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="name">The name, its endpoints, where they came from, and why the resolver failed if they are stale.</param>
    public virtual void Resolved(HttpAttempt attempt, ResolvedName name)
    {
    }

    /// <summary>An address was dialed.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="address">Where to, and why it failed if it did.</param>
    public virtual void Dialed(HttpAttempt attempt, DialedAddress address)
    {
    }

    /// <summary>The attempt has got its connection, a new one or one that was kept.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="connection">The connection; <see cref="HttpConnectionInfo.IsReused"/> tells which.</param>
    public virtual void Leased(HttpAttempt attempt, HttpConnectionInfo connection)
    {
    }

    /// <summary>
    /// A head is about to go out: that of the request, or of the CONNECT to a proxy on the way. It was put together for this event alone.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="method">The method; <c>CONNECT</c> for a proxy.</param>
    /// <param name="target">The request target; its query may be secret.</param>
    /// <param name="headers">All fields as they go out, <c>Host</c> and framing included; read-only. Some may be secret.</param>
    public virtual void Sending(HttpAttempt attempt, string method, string target, HttpHeaderDict headers)
    {
    }

    /// <summary>
    /// A request with a body is about to go out; told after <see cref="Sending"/>. Its bytes are not read for this event: whoever wants
    /// them opens the body once more.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="length">The length in bytes, or null when it is not known.</param>
    /// <param name="open">
    /// Opens the body at its beginning, or null when it can be read only once. The stream has to be disposed before this returns; what is
    /// in it may be secret. What the body itself throws, <paramref name="open"/> throws.
    /// </param>
    public virtual void SendingBody(HttpAttempt attempt, long? length, Func<Stream>? open)
    {
    }

    /// <summary>A head has come: of a 1xx, of the final response, or of a proxy that was asked for a tunnel.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="status">The status code.</param>
    /// <param name="reason">The reason phrase as it came; empty for none, and for a 1xx.</param>
    /// <param name="version">The version of HTTP the peer answered in.</param>
    /// <param name="headers">All fields as they came; read-only. Some may be secret.</param>
    public virtual void Received(HttpAttempt attempt, int status, string reason, Version version, HttpHeaderDict headers)
    {
    }

    /// <summary>The head of the final response has come. The attempt may still fail, in its body.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="status">The status code.</param>
    /// <param name="version">The version of HTTP the server answered in.</param>
    /// <param name="connection">The connection, with what the attempt has sent and received so far.</param>
    public virtual void Answered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection)
    {
    }

    /// <summary>
    /// A part of the body of the response was read, as the caller gets it: without framing, and decoded where that is done. Not told of a
    /// body that nobody reads, such as that of a redirect which is followed.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="part">The bytes, not empty and only to be looked at during the call; what is in them may be secret.</param>
    public virtual void BodyReceived(HttpAttempt attempt, ReadOnlySpan<byte> part)
    {
    }

    /// <summary>The attempt failed. Told at most once an attempt; the call may go on with another.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="error">
    /// An <see cref="HttpException"/>, the <see cref="OperationCanceledException"/> of a caller who gave up, or what a callback threw.
    /// </param>
    public virtual void Failed(HttpAttempt attempt, Exception error)
    {
    }

    /// <summary>The response was a challenge to which there was no answer, so that it is the result.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="reason">Why, as a sentence without its capital and its full stop; without secrets.</param>
    internal virtual void LeftUnanswered(HttpAttempt attempt, string reason)
    {
    }

    /// <summary>
    /// The attempt lets go of its connection: the body was read to its end or given up, or the attempt has failed. Told at most once an
    /// attempt, and not of a connection that was taken over, or whose body was forgotten.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="connection">The connection, with all that the attempt has sent and received.</param>
    public virtual void Released(HttpAttempt attempt, HttpConnectionInfo connection)
    {
    }

    /// <summary>The attempt is over, and another one follows after a pause.</summary>
    /// <param name="attempt">The attempt that is over.</param>
    /// <param name="reason">Why, as a sentence without its capital and its full stop; without secrets.</param>
    /// <param name="pause">How long the call waits before.</param>
    public virtual void GoingOn(HttpAttempt attempt, string reason, TimeSpan pause)
    {
    }

    /// <summary>
    /// An entry of the variable <c>NO_PROXY</c> or of <see cref="ProxyOptions.NoProxy"/> is neither a name nor an address nor a network, so
    /// that it covers nothing, and what it meant goes through the proxy. Told once, before the first request that could need it.
    /// </summary>
    /// <param name="entry">The entry, escaped, cut at 100 characters and without what may be a password.</param>
    public virtual void NoProxyEntryIgnored(string entry)
    {
    }

    /// <summary>A pool has opened a connection.</summary>
    /// <param name="origin">Whom it serves: scheme, host and port.</param>
    /// <param name="connection">The connection.</param>
    public virtual void ConnectionOpened(Url origin, HttpConnectionInfo connection)
    {
    }

    /// <summary>A pool has closed a connection: it broke, was too old, was not wanted any more, or the server meant to.</summary>
    /// <param name="origin">Whom it served: scheme, host and port.</param>
    /// <param name="connection">The connection; <see cref="HttpConnectionInfo.Age"/> is how long it lived.</param>
    public virtual void ConnectionClosed(Url origin, HttpConnectionInfo connection)
    {
    }
}
