using System.Collections.Concurrent;
using System.Diagnostics;

namespace Urllib4.SocketTests.Diagnostics;

/// <summary>Listens to the spans of one source, as an exporter would, from its making until it is disposed.</summary>
internal sealed class Spans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public Spans(string source = "Urllib4", ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => sampling,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans that have ended, in that order.</summary>
    public IReadOnlyList<Activity> Ended => [.. _ended];

    /// <summary>The tags of a span, as text.</summary>
    public static Dictionary<string, string> Tags(Activity span) =>
        span.TagObjects.ToDictionary(static tag => tag.Key, static tag => $"{tag.Value}");

    public void Dispose() => _listener.Dispose();
}
