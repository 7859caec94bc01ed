using System.Collections.Concurrent;

namespace Urllib4.SocketTests.Diagnostics;

/// <summary>Writes down every event, and does something at one of them if the test wants it.</summary>
internal sealed class EventLog : HttpEvents
{
    private readonly ConcurrentQueue<string> _all = new();

    /// <summary>Called with the name of each event.</summary>
    public Action<string>? At { get; init; }

    /// <summary>Each event as its name and the fact that tells most.</summary>
    public IReadOnlyList<string> All => [.. _all];

    /// <summary>Everything that the events hold, as it prints itself.</summary>
    public ConcurrentQueue<string> Facts { get; } = new();

    public override void AttemptStarted(HttpAttempt attempt) => Note("AttemptStarted", attempt.Cause, attempt);

    public override void PhaseStarted(HttpAttempt attempt, HttpPhase phase) => Note("PhaseStarted", phase, attempt);

    public override void PhaseEnded(HttpAttempt attempt, PhaseTime phase) => Note("PhaseEnded", phase.Phase, attempt, phase);

    public override void Dialed(HttpAttempt attempt, DialedAddress address) =>
        Note("Dialed", address.Failure ?? "well", attempt, address);

    public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection) =>
        Note("Leased", connection.IsReused ? "kept" : "new", attempt, connection);

    public override void Answered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection) =>
        Note("Answered", status, attempt, version, connection);

    public override void Failed(HttpAttempt attempt, Exception error) => Note("Failed", error.GetType().Name, attempt, error);

    public override void Released(HttpAttempt attempt, HttpConnectionInfo connection) =>
        Note("Released", $"{connection.BytesRead} in", attempt, connection);

    public override void GoingOn(HttpAttempt attempt, string reason, TimeSpan pause) => Note("GoingOn", reason, attempt, reason, pause);

    public override void ConnectionOpened(Url origin, HttpConnectionInfo connection) =>
        Note("ConnectionOpened", connection.IsReused, origin, connection);

    public override void ConnectionClosed(Url origin, HttpConnectionInfo connection) =>
        Note("ConnectionClosed", connection.RequestsServed, origin, connection);

    private void Note(string name, object fact, params object[] facts)
    {
        _all.Enqueue($"{name} {fact}");
        foreach (object each in facts)
            Facts.Enqueue($"{name}: {each}");
        At?.Invoke(name);
    }
}
