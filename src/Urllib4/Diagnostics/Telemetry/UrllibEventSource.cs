using System.Diagnostics.Tracing;

namespace Urllib4.Diagnostics;

/// <summary>The events for <c>dotnet-trace</c>, PerfView and the like.</summary>
[EventSource(Name = "Urllib4")]
internal sealed class UrllibEventSource : EventSource
{
    private UrllibEventSource()
    {
    }

    public static UrllibEventSource Log { get; } = new();

    /// <summary>An attempt begins; the URL is without user information and query.</summary>
    [Event(1, Level = EventLevel.Informational)]
    public void RequestStart(long callId, int attempt, string cause, string method, string url) =>
        WriteEvent(1, callId, attempt, cause, method, url);

    /// <summary>The head of a response came.</summary>
    [Event(2, Level = EventLevel.Informational)]
    public void RequestStop(long callId, int attempt, int status, long connectionId) =>
        WriteEvent(2, callId, attempt, status, connectionId);

    /// <summary>An attempt failed.</summary>
    [Event(3, Level = EventLevel.Error)]
    public void RequestFailed(long callId, int attempt, string errorType, string message) =>
        WriteEvent(3, callId, attempt, errorType, message);

    /// <summary>A phase of an attempt is over.</summary>
    [Event(4, Level = EventLevel.Verbose)]
    public void PhaseEnded(long callId, int attempt, string phase, double milliseconds) =>
        WriteEvent(4, callId, attempt, phase, milliseconds);

    /// <summary>A pool opened a connection.</summary>
    [Event(5, Level = EventLevel.Informational)]
    public void ConnectionOpened(long connectionId, string origin, string peer) => WriteEvent(5, connectionId, origin, peer);

    /// <summary>A pool closed a connection.</summary>
    [Event(6, Level = EventLevel.Informational)]
    public void ConnectionClosed(long connectionId, string origin, int requestsServed, double milliseconds) =>
        WriteEvent(6, connectionId, origin, requestsServed, milliseconds);

    /// <summary>The resolver fails, so that an answer serves whose time is over.</summary>
    [Event(8, Level = EventLevel.Warning)]
    public void StaleName(long callId, int attempt, string host, double milliseconds, string failure) =>
        WriteEvent(8, callId, attempt, host, milliseconds, failure);

    /// <summary>An entry of <c>NO_PROXY</c>, or of the option of that name, could not be read and covers nothing.</summary>
    [Event(7, Level = EventLevel.Warning)]
    public void NoProxyEntryIgnored(string entry) => WriteEvent(7, entry);
}
