using System.Diagnostics;
using System.Net;
using System.Runtime.ExceptionServices;

namespace Urllib4.Diagnostics;

/// <summary>
/// Tells everybody who listens what happens in a call: the one seam between the engine and its instruments. There is none when nobody
/// listens, so that whoever has something to report pays for a null check and no more.
/// </summary>
/// <remarks>
/// One flow of control tells. What a listener throws is kept, because it may be told of something half done, and thrown where the loop
/// over attempts can bear it: at <see cref="Begin"/>, <see cref="Leased"/> and <see cref="Answered"/>.
/// </remarks>
internal sealed class CallRecorder
{
    private static long _lastCall;

    private readonly TimeProvider _clock;
    private readonly HttpEvents[] _listeners;
    private readonly ReportWriter? _report;
    private readonly HttpEvents? _events;
    private readonly long _call = Interlocked.Increment(ref _lastCall);
    private HttpAttempt? _attempt;
    private AttemptCause? _cause;
    private HttpPhase? _phase;
    private long _phaseStart;
    private bool _hasFailed;
    private bool _isReleased;
    private Exception? _thrown;

    private CallRecorder(TimeProvider clock, ReportWriter? report, HttpEvents? events, HttpEvents[] listeners)
    {
        _clock = clock;
        _report = report;
        _events = events;
        _listeners = listeners;
    }

    /// <summary>A recorder for a call; null when nobody listens.</summary>
    /// <param name="explain">Whether the caller wants a report.</param>
    /// <param name="events">Who else is to be told.</param>
    /// <param name="clock">Measures the phases.</param>
    public static CallRecorder? For(bool explain, HttpEvents? events, TimeProvider clock)
    {
        bool traces = UrllibTracing.IsOn;
        bool measures = UrllibMetrics.WantsCalls;
        bool logs = UrllibEventSource.Log.IsEnabled();
        return explain || traces || measures || logs || events is not null
            ? Create(explain ? new ReportWriter(clock) : null, traces, measures, logs, events, clock)
            : null;
    }

    /// <summary>Whether anybody wants the heads: a listener of the caller's, since none of ours does.</summary>
    public bool WantsHeads => _events is not null;

    /// <summary>Another attempt begins.</summary>
    public void Begin(string method, Url url)
    {
        ThrowWhatAListenerThrew();
        AttemptCause cause = _attempt is null ? AttemptCause.Call : _cause ?? AttemptCause.Amended;
        _attempt = new HttpAttempt(_call, (_attempt?.Number ?? 0) + 1, cause, method, url);
        _cause = null;
        _hasFailed = _isReleased = false;
        Tell(_attempt, static (listener, attempt) => listener.AttemptStarted(attempt));
    }

    /// <summary>A phase begins, and with it ends the one before.</summary>
    public void Enter(HttpPhase phase)
    {
        Leave();
        (_phase, _phaseStart) = (phase, _clock.GetTimestamp());
        Tell((Attempt: _attempt!, Phase: phase), static (listener, e) => listener.PhaseStarted(e.Attempt, e.Phase));
    }

    /// <summary>A name was resolved.</summary>
    public void Resolved(ResolvedName name) =>
        Tell((Attempt: _attempt!, Name: name), static (listener, e) => listener.Resolved(e.Attempt, e.Name));

    /// <summary>An address was dialed.</summary>
    public void Dialed(IPEndPoint endPoint, string? failure, TimeSpan after = default) => Tell(
        (Attempt: _attempt!, Address: new DialedAddress(endPoint, failure) { After = after }),
        static (listener, e) => listener.Dialed(e.Attempt, e.Address));

    /// <summary>A connection was borrowed.</summary>
    public void Leased(HttpConnectionInfo connection)
    {
        Leave();
        Tell((Attempt: _attempt!, Connection: connection), static (listener, e) => listener.Leased(e.Attempt, e.Connection));
        ThrowWhatAListenerThrew();
    }

    /// <summary>The head of a request is about to go out.</summary>
    public void Sending(string method, string target, HttpHeaderDict headers) => Tell(
        _events!,
        (Attempt: _attempt!, Method: method, Target: target, Headers: headers),
        static (listener, e) => listener.Sending(e.Attempt, e.Method, e.Target, e.Headers));

    /// <summary>A request with a body is about to go out.</summary>
    public void SendingBody(long? length, Func<Stream>? open) => Tell(
        _events!,
        (Attempt: _attempt!, Length: length, Open: open),
        static (listener, e) => listener.SendingBody(e.Attempt, e.Length, e.Open));

    /// <summary>A part of the body of the response was read.</summary>
    public void BodyReceived(ReadOnlySpan<byte> part)
    {
        if (_events is not { } listener)
            return;
        try
        {
            listener.BodyReceived(_attempt!, part);
        }
        catch (Exception e)
        {
            _thrown ??= e;
        }
    }

    /// <summary>A head came back.</summary>
    public void Received(int status, string reason, Version version, HttpHeaderDict headers) => Tell(
        _events!,
        (Attempt: _attempt!, Status: status, Reason: reason, Version: version, Headers: headers),
        static (listener, e) => listener.Received(e.Attempt, e.Status, e.Reason, e.Version, e.Headers));

    /// <summary>The head of a response came.</summary>
    public void Answered(int status, Version version, HttpConnectionInfo connection)
    {
        Leave();
        Tell(
            (Attempt: _attempt!, Status: status, Version: version, Connection: connection),
            static (listener, e) => listener.Answered(e.Attempt, e.Status, e.Version, e.Connection));
        ThrowWhatAListenerThrew();
    }

    /// <summary>The response was a challenge to which there was no answer.</summary>
    public void LeftUnanswered(string reason) => Tell(
        (Attempt: _attempt!, Reason: reason),
        static (listener, e) => listener.LeftUnanswered(e.Attempt, e.Reason));

    /// <summary>The response ended, or was given up.</summary>
    public void Ended(HttpConnectionInfo connection)
    {
        Leave();
        if (_isReleased)
            return;
        _isReleased = true;
        Tell((Attempt: _attempt!, Connection: connection), static (listener, e) => listener.Released(e.Attempt, e.Connection));
    }

    /// <summary>The attempt failed. Its first failure counts; another one would be what the call makes of it.</summary>
    public void Failed(Exception error, HttpConnectionInfo? connection)
    {
        Leave();
        if (_hasFailed)
            return;
        _hasFailed = true;
        Tell((Attempt: _attempt!, Error: error), static (listener, e) => listener.Failed(e.Attempt, e.Error));
        if (connection is not null)
            Ended(connection);
    }

    /// <summary>Why the next attempt is made, if there is one.</summary>
    public void Because(AttemptCause cause) => _cause = cause;

    /// <summary>The attempt is over, and another one follows after a pause.</summary>
    public void GoOn(string reason, TimeSpan pause)
    {
        Leave();
        Tell(
            (Attempt: _attempt!, Reason: reason, Pause: pause),
            static (listener, e) => listener.GoingOn(e.Attempt, e.Reason, e.Pause));
    }

    /// <summary>The story so far, if the caller wanted one.</summary>
    public ExchangeReport? Report() => _report?.Report();

    private static CallRecorder Create(
        ReportWriter? report, bool traces, bool measures, bool logs, HttpEvents? events, TimeProvider clock)
    {
        HttpEvents?[] all =
        [
            report,
            // Before the span, so that a measurement is taken while it is the current one (exemplars); .NET does the same.
            measures ? new MetricWriter(clock) : null,
            traces ? new SpanWriter() : null,
            logs ? EventSourceWriter.Instance : null,
            events,
        ];
        return new CallRecorder(clock, report, events, Array.FindAll(all, static listener => listener is not null)!);
    }

    private void Leave()
    {
        if (_phase is not { } phase)
            return;
        _phase = null;
        Tell(
            (Attempt: _attempt!, Phase: new PhaseTime(phase, _clock.GetElapsedTime(_phaseStart))),
            static (listener, e) => listener.PhaseEnded(e.Attempt, e.Phase));
    }

    private void Tell<T>(T facts, Action<HttpEvents, T> tell)
    {
        foreach (HttpEvents listener in _listeners)
            Tell(listener, facts, tell);
    }

    private void Tell<T>(HttpEvents listener, T facts, Action<HttpEvents, T> tell)
    {
        try
        {
            tell(listener, facts);
        }
        catch (Exception e)
        {
            _thrown ??= e;
        }
    }

    private void ThrowWhatAListenerThrew()
    {
        if (_thrown is not { } thrown)
            return;
        _thrown = null;
        ExceptionDispatchInfo.Throw(thrown);
    }
}
