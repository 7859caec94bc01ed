using System.Diagnostics.Tracing;

namespace Urllib4.SocketTests.Diagnostics;

/// <summary>Listens to the event source, with every level, from its making until it is disposed.</summary>
internal sealed class LoggedEvents : EventListener
{
    private readonly Lock _gate = new();
    private readonly List<string> _all = [];

    public LoggedEvents()
    {
        foreach (EventSource source in EventSource.GetSources().Where(static s => s.Name == "Urllib4"))
            EnableEvents(source, EventLevel.Verbose);
    }

    /// <summary>Each event as its name and its payload.</summary>
    public IReadOnlyList<string> All
    {
        get
        {
            lock (_gate)
                return [.. _all];
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Urllib4")
            EnableEvents(eventSource, EventLevel.Verbose);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The base constructor calls back before the fields are there.
        if (_gate is null)
            return;
        lock (_gate)
            _all.Add($"{eventData.EventName}({string.Join(", ", eventData.Payload ?? (IEnumerable<object?>)[])})");
    }
}
