using System.Globalization;
using System.Net;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>One attempt of a call: a request, and what became of it. A part of an <see cref="ExchangeReport"/>.</summary>
/// <remarks>Immutable, so safe to read from any thread.</remarks>
public sealed record AttemptReport
{
    /// <summary>The method that was sent.</summary>
    public required string Method { get; init; }

    /// <summary>The absolute URL that was asked for.</summary>
    public required Url Url { get; init; }

    /// <summary>
    /// How long each phase took, in order; a phase that did not happen is left out. <see cref="HttpPhase.PoolWait"/> stands here only when
    /// the pool was full; an attempt without <see cref="HttpPhase.Connect"/> used a connection that was open already.
    /// </summary>
    public required IReadOnlyList<PhaseTime> Phases { get; init; }

    /// <summary>The addresses that were dialed, in order; one at the most has succeeded. Empty when none had to be.</summary>
    public required IReadOnlyList<DialedAddress> Addresses { get; init; }

    /// <summary>
    /// The names that had to be resolved, in order: of the origin or, where that resolves it, of the proxy. Empty when none had to be.
    /// </summary>
    public IReadOnlyList<ResolvedName> Names { get; init; } = [];

    /// <summary>The connection, with the bytes of this attempt out and in; null when there was none.</summary>
    public HttpConnectionInfo? Connection { get; init; }

    /// <summary>The status of the response, or null when none came.</summary>
    public int? Status { get; init; }

    /// <summary>The failure of this attempt, or null when there was none. It may follow a <see cref="Status"/>.</summary>
    public HttpException? Error { get; init; }

    /// <summary>
    /// Why the challenge that a 401 or 407 carries was not answered, as a sentence without capital and full stop; null when it was, or
    /// when there were no credentials to answer with.
    /// </summary>
    public string? NotAnsweredBecause { get; init; }

    /// <summary>Why another attempt followed, as a sentence without capital and full stop; null for the last one.</summary>
    public string? WentOnBecause { get; init; }

    /// <summary>The pause before the next attempt.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>The attempt in a few lines, as in the story of the whole call.</summary>
    /// <returns>Lines, divided by <c>\n</c>, without one at the end.</returns>
    public override string ToString()
    {
        var story = new StringBuilder();
        Tell(story);
        return story.ToString();
    }

    internal void Tell(StringBuilder story)
    {
        story.Append(Method).Append(' ').Append(FactText.Of(Url)).Append("\n   ")
            .Append(Connection is null ? "no connection" : Connection.ToString());
        foreach (ResolvedName name in Names)
            story.Append(name.Origin($"; {name.Host} ", ""));
        if (Addresses.Count > 0)
            story.Append("; dialed ").AppendJoin(", ", Addresses);
        if (Phases.Count > 0)
            story.Append("\n   ").AppendJoin(", ", Phases);
        story.Append("\n   ").AppendJoin("; ", Outcome());
    }

    private IEnumerable<string> Outcome()
    {
        if (Status is { } status)
            yield return status.ToString(CultureInfo.InvariantCulture);
        if (Error is { } error)
            yield return $"{error.GetType().Name}: {error.Sentence.TrimEnd('.')}";
        if (Status is null && Error is null)
            yield return "no response";
        if (Error?.NotRetriedBecause is { } whyNot)
            yield return whyNot;
        if (NotAnsweredBecause is { } notAnswered)
            yield return notAnswered;
        if (WentOnBecause is { } reason)
            yield return Pause > TimeSpan.Zero ? $"{reason}; pause {FactText.Of(Pause)}" : reason;
    }
}

/// <summary>How long a phase of an attempt took.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Time">How long it took.</param>
public readonly record struct PhaseTime(HttpPhase Phase, TimeSpan Time)
{
    /// <summary>For example <c>Connect 12 ms</c>.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"{Phase} {FactText.Of(Time)}";
}

/// <summary>An address that was dialed.</summary>
/// <param name="EndPoint">Where to.</param>
/// <param name="Failure">Why it failed, for example <c>refused</c>,
/// or <c>another address was faster</c>; null when the connection was made.</param>
public sealed record DialedAddress(IPEndPoint EndPoint, string? Failure)
{
    /// <summary>
    /// When it was dialed, from the moment the first address was. Zero, too, where addresses are dialed one after the other.
    /// </summary>
    public TimeSpan After { get; init; }

    /// <summary>For example <c>[::1]:80 (refused)</c> or <c>127.0.0.1:80 after 250 ms</c>.</summary>
    /// <returns>A short text.</returns>
    public override string ToString()
    {
        string address = After < TimeSpan.FromMilliseconds(1) ? $"{EndPoint}" : $"{EndPoint} after {FactText.Of(After)}";
        return Failure is null ? address : $"{address} ({Failure})";
    }
}
