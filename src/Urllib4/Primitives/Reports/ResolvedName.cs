using System.Net;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>Where the addresses of a name came from.</summary>
public enum NameSource
{
    /// <summary>The resolver was asked.</summary>
    Resolver,

    /// <summary>The resolver was asked before, and its answer still holds.</summary>
    Memory,

    /// <summary>The resolver was asked before; its answer has run out, and serves because the resolver fails now.</summary>
    Stale,
}

/// <summary>A name that had to be resolved for an attempt, and what came of it.</summary>
/// <param name="Host">The name.</param>
/// <param name="EndPoints">What it stands for, in order of preference, before a policy has left any out.</param>
/// <param name="Source">Where that came from.</param>
/// <param name="Age">How old the answer is; zero when the resolver was asked.</param>
/// <param name="Failure">
/// Why the resolver could not say, as a sentence without its capital and its full stop, when the answer is stale; else null.
/// </param>
/// <remarks>Immutable, so safe to read from any thread.</remarks>
public sealed record ResolvedName(string Host, IReadOnlyList<IPEndPoint> EndPoints, NameSource Source, TimeSpan Age, string? Failure)
{
    /// <summary>The name, its endpoints and where they came from.</summary>
    /// <returns>For example <c>a.example is 192.0.2.1:80 (from memory, 12 s old)</c>.</returns>
    public override string ToString() => $"{Host} is {string.Join(", ", EndPoints)}{Origin(" (", ")")}";

    /// <summary>Where it came from, if not from the resolver.</summary>
    internal string Origin(string before, string behind) => Source switch
    {
        NameSource.Memory => $"{before}from memory, {FactText.Of(Age)} old{behind}",
        NameSource.Stale => $"{before}stale, {FactText.Of(Age)} old: {Failure}{behind}",
        _ => "",
    };
}
