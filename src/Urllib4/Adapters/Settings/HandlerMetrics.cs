using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Urllib4.Diagnostics;

namespace Urllib4.Adapters;

/// <summary>
/// The instruments of a handler that was given a factory of meters: the platform's own, by name, kind and tags. Everybody else who listens
/// is told through it.
/// </summary>
/// <remarks>Safe to use from several threads. It keeps nothing of an attempt that is over.</remarks>
internal sealed class HandlerMetrics : HttpEvents
{
    private readonly HttpEvents? _next;
    private readonly TimeProvider _clock;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _active;
    private readonly Histogram<double> _timeInQueue;
    private readonly Histogram<double> _lives;
    private readonly UpDownCounter<long> _open;
    private readonly ConditionalWeakTable<HttpAttempt, Running> _running = [];

    /// <param name="factory">Makes the meter, which is its matter to dispose.</param>
    /// <param name="clock">Measures the durations.</param>
    /// <param name="next">Who else is to be told; null for nobody.</param>
    public HandlerMetrics(IMeterFactory factory, TimeProvider clock, HttpEvents? next)
    {
        _clock = clock;
        _next = next;
        Meter meter = factory.Create("System.Net.Http");
        _duration = Like(meter, UrllibMetrics.RequestDuration);
        _timeInQueue = Like(meter, UrllibMetrics.TimeInQueue);
        _lives = Like(meter, UrllibMetrics.ConnectionDuration);
        _active = meter.CreateUpDownCounter<long>(
            UrllibMetrics.ActiveRequests.Name, UrllibMetrics.ActiveRequests.Unit, UrllibMetrics.ActiveRequests.Description);
        _open = meter.CreateUpDownCounter<long>(
            UrllibMetrics.OpenConnections.Name, UrllibMetrics.OpenConnections.Unit, UrllibMetrics.OpenConnections.Description);
    }

    public override void AttemptStarted(HttpAttempt attempt)
    {
        TagList request = TelemetryText.Place(attempt.Url);
        request.Add("http.request.method", TelemetryText.Method(attempt.Method));
        _running.Add(attempt, new Running(request, _clock.GetTimestamp()));
        _active.Add(1, request);
        _next?.AttemptStarted(attempt);
    }

    // Whoever finds an idle connection passes no phase before it has it.
    public override void PhaseStarted(HttpAttempt attempt, HttpPhase phase)
    {
        if (phase is not (HttpPhase.Send or HttpPhase.Head or HttpPhase.Body) && _running.TryGetValue(attempt, out Running? running))
            running.HasWaited = true;
        _next?.PhaseStarted(attempt, phase);
    }

    public override void PhaseEnded(HttpAttempt attempt, PhaseTime phase) => _next?.PhaseEnded(attempt, phase);

    public override void Resolved(HttpAttempt attempt, ResolvedName name) => _next?.Resolved(attempt, name);

    public override void Dialed(HttpAttempt attempt, DialedAddress address) => _next?.Dialed(attempt, address);

    public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection)
    {
        if (_running.TryGetValue(attempt, out Running? running))
            EndWait(running, TelemetryText.Version(connection));
        Move(attempt.Url, connection, "idle", "active");
        _next?.Leased(attempt, connection);
    }

    public override void Sending(HttpAttempt attempt, string method, string target, HttpHeaderDict headers) =>
        _next?.Sending(attempt, method, target, headers);

    public override void SendingBody(HttpAttempt attempt, long? length, Func<Stream>? open) => _next?.SendingBody(attempt, length, open);

    public override void Received(HttpAttempt attempt, int status, string reason, Version version, HttpHeaderDict headers) =>
        _next?.Received(attempt, status, reason, version, headers);

    public override void Answered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection)
    {
        if (_running.TryGetValue(attempt, out Running? running))
        {
            TagList tags = running.Request;
            tags.Add("http.response.status_code", status);
            tags.Add("network.protocol.version", TelemetryText.Version(version));
            End(attempt, running, tags, TelemetryText.ErrorType(status));
        }

        _next?.Answered(attempt, status, version, connection);
    }

    public override void BodyReceived(HttpAttempt attempt, ReadOnlySpan<byte> part) => _next?.BodyReceived(attempt, part);

    public override void Failed(HttpAttempt attempt, Exception error)
    {
        if (_running.TryGetValue(attempt, out Running? running))
        {
            EndWait(running, "1.1"); // of one that never got a connection
            End(attempt, running, running.Request, TelemetryText.ErrorType(error));
        }

        _next?.Failed(attempt, error);
    }

    internal override void LeftUnanswered(HttpAttempt attempt, string reason) => _next?.LeftUnanswered(attempt, reason);

    public override void Released(HttpAttempt attempt, HttpConnectionInfo connection)
    {
        Move(attempt.Url, connection, "active", "idle");
        _next?.Released(attempt, connection);
    }

    public override void GoingOn(HttpAttempt attempt, string reason, TimeSpan pause) => _next?.GoingOn(attempt, reason, pause);

    public override void NoProxyEntryIgnored(string entry) => _next?.NoProxyEntryIgnored(entry);

    public override void ConnectionOpened(Url origin, HttpConnectionInfo connection)
    {
        Count(origin, connection, "idle", 1);
        _next?.ConnectionOpened(origin, connection);
    }

    public override void ConnectionClosed(Url origin, HttpConnectionInfo connection)
    {
        Count(origin, connection, "idle", -1);
        _lives.Record(connection.Age.TotalSeconds, TelemetryText.Place(origin, connection));
        _next?.ConnectionClosed(origin, connection);
    }

    private static Histogram<double> Like(Meter meter, Histogram<double> own) =>
        meter.CreateHistogram(own.Name, own.Unit, own.Description, advice: own.Advice);

    private void Move(Url url, HttpConnectionInfo connection, string from, string to)
    {
        Count(url, connection, from, -1);
        Count(url, connection, to, 1);
    }

    private void Count(Url url, HttpConnectionInfo connection, string state, int change)
    {
        if (!_open.Enabled)
            return;
        TagList tags = TelemetryText.Place(url, connection);
        tags.Add("http.connection.state", state);
        _open.Add(change, tags);
    }

    private void EndWait(Running running, string version)
    {
        if (!running.HasWaited)
            return;
        running.HasWaited = false;
        TagList tags = running.Request;
        tags.Add("network.protocol.version", version);
        _timeInQueue.Record(Since(running), tags);
    }

    private void End(HttpAttempt attempt, Running running, TagList tags, string? errorType)
    {
        if (!_running.Remove(attempt))
            return;
        _active.Add(-1, running.Request);
        if (errorType is not null)
            tags.Add("error.type", errorType);
        _duration.Record(Since(running), tags);
    }

    private double Since(Running running) => _clock.GetElapsedTime(running.Start).TotalSeconds;

    /// <summary>An attempt that has no answer yet.</summary>
    /// <param name="request">The place and the method.</param>
    /// <param name="start">When it began.</param>
    private sealed class Running(TagList request, long start)
    {
        public TagList Request => request;

        public long Start => start;

        public bool HasWaited { get; set; }
    }
}
