using Urllib4.Primitives;

namespace Urllib4.Diagnostics;

/// <summary>Puts what happens into the plain values an event source can carry. Knows nothing of a call, so one is enough for all.</summary>
internal sealed class EventSourceWriter : HttpEvents
{
    public static EventSourceWriter Instance { get; } = new();

    private static UrllibEventSource Log => UrllibEventSource.Log;

    public override void AttemptStarted(HttpAttempt attempt) => Log.RequestStart(
        attempt.CallId, attempt.Number, attempt.Cause.ToString(), attempt.Method, FactText.Of(attempt.Url));

    public override void PhaseEnded(HttpAttempt attempt, PhaseTime phase) =>
        Log.PhaseEnded(attempt.CallId, attempt.Number, phase.Phase.ToString(), phase.Time.TotalMilliseconds);

    public override void Resolved(HttpAttempt attempt, ResolvedName name)
    {
        if (name.Source == NameSource.Stale)
            Log.StaleName(attempt.CallId, attempt.Number, name.Host, name.Age.TotalMilliseconds, name.Failure ?? "");
    }

    public override void Answered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection) =>
        Log.RequestStop(attempt.CallId, attempt.Number, status, connection.Id);

    // Of what is not ours only the type: nobody knows what its message holds.
    public override void Failed(HttpAttempt attempt, Exception error) => Log.RequestFailed(
        attempt.CallId, attempt.Number, TelemetryText.ErrorType(error), (error as HttpException)?.Sentence ?? "");

    public override void ConnectionOpened(Url origin, HttpConnectionInfo connection) =>
        Log.ConnectionOpened(connection.Id, FactText.Of(origin), connection.RemoteEndPoint?.ToString() ?? "");

    public override void ConnectionClosed(Url origin, HttpConnectionInfo connection) =>
        Log.ConnectionClosed(connection.Id, FactText.Of(origin), connection.RequestsServed, connection.Age.TotalMilliseconds);
}
