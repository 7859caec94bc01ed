using System.Diagnostics;
using Urllib4.Primitives;

namespace Urllib4.Diagnostics;

/// <summary>The source of the spans, and how a server learns to which trace a request belongs.</summary>
internal static class UrllibTracing
{
    private const string TraceParent = "traceparent";

    public static ActivitySource Source { get; } = new("Urllib4");

    /// <summary>
    /// Whether a call is part of a trace, or may become one. A trace is handed on even when none of its spans is made here.
    /// </summary>
    public static bool IsOn => Source.HasListeners() || Activity.Current is not null;

    /// <summary>
    /// Adds the context of the current activity; what a caller has set stays as it is. The headers are copied when something is added.
    /// </summary>
    public static HttpHeaderDict Propagate(HttpHeaderDict headers, Func<DistributedContextPropagator?>? propagator = null)
    {
        // A state that belongs to another parent than the caller's would be a lie.
        if (Activity.Current is not { } current || headers.Contains(TraceParent))
            return headers;
        if ((propagator is null ? DistributedContextPropagator.Current : propagator()) is not { } chosen)
            return headers;
        var carrier = new Carrier(headers);
        chosen.Inject(
            current, carrier, static (carrier, name, value) => ((Carrier)carrier!).Add(name, value));
        return carrier.Added?.Freeze() ?? headers;
    }

    private sealed class Carrier(HttpHeaderDict given)
    {
        public HttpHeaderDict? Added { get; private set; }

        // A propagator may be anybody's, and what cannot be sent must not fail the call: it is only about watching it.
        public void Add(string name, string? value)
        {
            if (value is null || given.Contains(name) || !HeaderRules.IsToken(name) || HeaderRules.IndexOfIllegalInValue(value) >= 0)
                return;
            Added ??= given.Clone();
            Added.Add(name, value);
        }
    }
}
