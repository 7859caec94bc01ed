using Microsoft.Extensions.Logging;

namespace Urllib4.DependencyInjection;

/// <summary>
/// Writes what happens to the log: a failed attempt, a stale name and an unreadable entry of NO_PROXY as warnings, going on with another
/// attempt as information, answers and connections for debugging, every step as a trace. Whoever listened before goes on to be told.
/// </summary>
internal sealed partial class CallLog(ILogger logger, HttpEvents? next) : HttpEvents
{
    private const string Category = "Urllib4";

    /// <summary>The options with a log, unless its category is off altogether: then nothing is attached, and nothing is paid.</summary>
    public static PoolOptions Attach(PoolOptions options, ILoggerFactory? loggers) =>
        loggers?.CreateLogger(Category) is { } logger && logger.IsEnabled(LogLevel.Critical)
            ? options with { Events = new CallLog(logger, options.Events) }
            : options;

    public override void AttemptStarted(HttpAttempt attempt)
    {
        if (logger.IsEnabled(LogLevel.Trace))
            WriteStarted(attempt);
        next?.AttemptStarted(attempt);
    }

    public override void PhaseStarted(HttpAttempt attempt, HttpPhase phase) => next?.PhaseStarted(attempt, phase);

    public override void PhaseEnded(HttpAttempt attempt, PhaseTime phase)
    {
        if (logger.IsEnabled(LogLevel.Trace))
            WritePhase(attempt, phase);
        next?.PhaseEnded(attempt, phase);
    }

    public override void Resolved(HttpAttempt attempt, ResolvedName name)
    {
        // Only what serves though the resolver fails is worth a warning.
        if (name.Source == NameSource.Stale && logger.IsEnabled(LogLevel.Warning))
            WriteStale(attempt, name);
        else if (logger.IsEnabled(LogLevel.Trace))
            WriteResolved(attempt, name);
        next?.Resolved(attempt, name);
    }

    public override void Dialed(HttpAttempt attempt, DialedAddress address)
    {
        if (logger.IsEnabled(LogLevel.Trace))
            WriteDialed(attempt, address);
        next?.Dialed(attempt, address);
    }

    public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection)
    {
        if (logger.IsEnabled(LogLevel.Trace))
            WriteLeased(attempt, connection);
        next?.Leased(attempt, connection);
    }

    public override void Sending(HttpAttempt attempt, string method, string target, HttpHeaderDict headers) =>
        next?.Sending(attempt, method, target, headers);

    public override void Received(HttpAttempt attempt, int status, string reason, Version version, HttpHeaderDict headers) =>
        next?.Received(attempt, status, reason, version, headers);

    public override void SendingBody(HttpAttempt attempt, long? length, Func<Stream>? open) => next?.SendingBody(attempt, length, open);

    public override void BodyReceived(HttpAttempt attempt, ReadOnlySpan<byte> part) => next?.BodyReceived(attempt, part);

    public override void Answered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection)
    {
        if (logger.IsEnabled(LogLevel.Debug))
            WriteAnswered(attempt, status, version, connection);
        next?.Answered(attempt, status, version, connection);
    }

    public override void Failed(HttpAttempt attempt, Exception error)
    {
        // The messages of this library hold no secrets; those of a callback may hold anything.
        if (error is OperationCanceledException)
        {
            if (logger.IsEnabled(LogLevel.Debug))
                WriteCancelled(attempt);
        }
        else if (logger.IsEnabled(LogLevel.Warning))
        {
            WriteFailed(attempt, error is HttpException ? $"{error.GetType().Name}: {error.Message}" : error.GetType().Name);
        }

        next?.Failed(attempt, error);
    }

    public override void Released(HttpAttempt attempt, HttpConnectionInfo connection)
    {
        if (logger.IsEnabled(LogLevel.Trace))
            WriteReleased(attempt, connection);
        next?.Released(attempt, connection);
    }

    public override void GoingOn(HttpAttempt attempt, string reason, TimeSpan pause)
    {
        if (logger.IsEnabled(LogLevel.Information))
            WriteGoingOn(attempt, reason, pause);
        next?.GoingOn(attempt, reason, pause);
    }

    public override void NoProxyEntryIgnored(string entry)
    {
        if (logger.IsEnabled(LogLevel.Warning))
            WriteNoProxy(entry);
        next?.NoProxyEntryIgnored(entry);
    }

    public override void ConnectionOpened(Url origin, HttpConnectionInfo connection)
    {
        if (logger.IsEnabled(LogLevel.Debug))
            WriteOpened(origin, connection);
        next?.ConnectionOpened(origin, connection);
    }

    public override void ConnectionClosed(Url origin, HttpConnectionInfo connection)
    {
        if (logger.IsEnabled(LogLevel.Debug))
            WriteClosed(origin, connection);
        next?.ConnectionClosed(origin, connection);
    }
}
