using Microsoft.Extensions.Logging;

namespace Urllib4.DependencyInjection;

/// <summary>The lines. What they show of an attempt, a connection or an address leaves the secrets out by itself.</summary>
internal sealed partial class CallLog
{
    [LoggerMessage(1, LogLevel.Trace, "{Attempt}: begins", EventName = "AttemptStarted", SkipEnabledCheck = true)]
    private partial void WriteStarted(HttpAttempt attempt);

    [LoggerMessage(2, LogLevel.Trace, "{Attempt}: {Phase}", EventName = "PhaseEnded", SkipEnabledCheck = true)]
    private partial void WritePhase(HttpAttempt attempt, PhaseTime phase);

    [LoggerMessage(3, LogLevel.Trace, "{Attempt}: dialed {Address}", EventName = "Dialed", SkipEnabledCheck = true)]
    private partial void WriteDialed(HttpAttempt attempt, DialedAddress address);

    [LoggerMessage(4, LogLevel.Trace, "{Attempt}: got a {Connection}", EventName = "Leased", SkipEnabledCheck = true)]
    private partial void WriteLeased(HttpAttempt attempt, HttpConnectionInfo connection);

    [LoggerMessage(
        5, LogLevel.Debug, "{Attempt}: answered {Status} in HTTP/{Version} on a {Connection}",
        EventName = "Answered", SkipEnabledCheck = true)]
    private partial void WriteAnswered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection);

    [LoggerMessage(6, LogLevel.Warning, "{Attempt}: failed with {Failure}", EventName = "Failed", SkipEnabledCheck = true)]
    private partial void WriteFailed(HttpAttempt attempt, string failure);

    [LoggerMessage(7, LogLevel.Debug, "{Attempt}: cancelled", EventName = "Cancelled", SkipEnabledCheck = true)]
    private partial void WriteCancelled(HttpAttempt attempt);

    [LoggerMessage(8, LogLevel.Trace, "{Attempt}: let go of a {Connection}", EventName = "Released", SkipEnabledCheck = true)]
    private partial void WriteReleased(HttpAttempt attempt, HttpConnectionInfo connection);

    [LoggerMessage(9, LogLevel.Information, "{Attempt}: goes on, {Reason}; pause {Pause}", EventName = "GoingOn", SkipEnabledCheck = true)]
    private partial void WriteGoingOn(HttpAttempt attempt, string reason, TimeSpan pause);

    [LoggerMessage(10, LogLevel.Debug, "{Origin}: opened a {Connection}", EventName = "ConnectionOpened", SkipEnabledCheck = true)]
    private partial void WriteOpened(Url origin, HttpConnectionInfo connection);

    [LoggerMessage(11, LogLevel.Debug, "{Origin}: closed a {Connection}", EventName = "ConnectionClosed", SkipEnabledCheck = true)]
    private partial void WriteClosed(Url origin, HttpConnectionInfo connection);

    [LoggerMessage(13, LogLevel.Trace, "{Attempt}: {Name}", EventName = "Resolved", SkipEnabledCheck = true)]
    private partial void WriteResolved(HttpAttempt attempt, ResolvedName name);

    [LoggerMessage(14, LogLevel.Warning, "{Attempt}: {Name}", EventName = "StaleName", SkipEnabledCheck = true)]
    private partial void WriteStale(HttpAttempt attempt, ResolvedName name);

    [LoggerMessage(
        12, LogLevel.Warning, "NO_PROXY: nobody can read '{Entry}', so it covers nothing",
        EventName = "NoProxyEntryIgnored", SkipEnabledCheck = true)]
    private partial void WriteNoProxy(string entry);
}
