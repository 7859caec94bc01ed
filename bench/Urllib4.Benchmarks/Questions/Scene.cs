using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>One comparison: everybody in it does the same work, in the same place, so many at a time.</summary>
internal sealed record Scene(string Server, Placement Place, Workload Workload, bool IsBlocking = true, int Flows = 1)
{
    public Clients Clients { get; init; } = Clients.Usual;

    /// <summary>For example <c>nginx, same core, blocking, 4 in flight</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Server}, {Place.ToString().ToLowerInvariant()}, {(IsBlocking ? "blocking" : "async")}, {Flows}");
}
