namespace Urllib4.Cli.Requests;

/// <summary>Tells two listeners what one manager does.</summary>
internal sealed class BothEvents(HarRecorder har, HttpEvents wire) : HttpEvents
{
    public override void AttemptStarted(HttpAttempt attempt)
    {
        har.AttemptStarted(attempt);
        wire.AttemptStarted(attempt);
    }

    public override void PhaseEnded(HttpAttempt attempt, PhaseTime phase)
    {
        har.PhaseEnded(attempt, phase);
        wire.PhaseEnded(attempt, phase);
    }

    public override void Dialed(HttpAttempt attempt, DialedAddress address) => wire.Dialed(attempt, address);

    public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection)
    {
        har.Leased(attempt, connection);
        wire.Leased(attempt, connection);
    }

    public override void Sending(HttpAttempt attempt, string method, string target, HttpHeaderDict headers)
    {
        har.Sending(attempt, method, target, headers);
        wire.Sending(attempt, method, target, headers);
    }

    public override void SendingBody(HttpAttempt attempt, long? length, Func<Stream>? open) => har.SendingBody(attempt, length, open);

    public override void Received(HttpAttempt attempt, int status, string reason, Version version, HttpHeaderDict headers)
    {
        har.Received(attempt, status, reason, version, headers);
        wire.Received(attempt, status, reason, version, headers);
    }

    public override void BodyReceived(HttpAttempt attempt, ReadOnlySpan<byte> part) => har.BodyReceived(attempt, part);

    public override void Failed(HttpAttempt attempt, Exception error)
    {
        har.Failed(attempt, error);
        wire.Failed(attempt, error);
    }

    public override void Released(HttpAttempt attempt, HttpConnectionInfo connection) => wire.Released(attempt, connection);

    public override void GoingOn(HttpAttempt attempt, string reason, TimeSpan pause)
    {
        har.GoingOn(attempt, reason, pause);
        wire.GoingOn(attempt, reason, pause);
    }

    public override void ConnectionOpened(Url origin, HttpConnectionInfo connection) => wire.ConnectionOpened(origin, connection);

    public override void ConnectionClosed(Url origin, HttpConnectionInfo connection) => wire.ConnectionClosed(origin, connection);
}
