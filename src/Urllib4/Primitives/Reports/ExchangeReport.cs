using System.Globalization;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// The story of one call, attempt by attempt: what was tried where, how long each phase took, and why it went on. Made when the
/// option <c>Explain</c> of the request asks for it; without that nothing is recorded.
/// </summary>
/// <remarks>
/// Immutable, so safe to read from any thread. Times are measured on the manager's <see cref="TimeProvider"/>. Of a response whose body
/// is still on its way, it tells what has happened so far.
/// </remarks>
public sealed record ExchangeReport
{
    /// <summary>The attempts, in order: every retry, replay and redirect is one. At least one.</summary>
    public required IReadOnlyList<AttemptReport> Attempts { get; init; }

    /// <summary>Time since the call began, up to its end or, while the body is on its way, up to now.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The story for people, a few lines an attempt. URLs are shown without user information and query.</summary>
    /// <returns>Lines, divided by <c>\n</c>, without one at the end.</returns>
    public override string ToString()
    {
        var story = new StringBuilder();
        for (int i = 0; i < Attempts.Count; i++)
        {
            story.Append(CultureInfo.InvariantCulture, $"{i + 1}. ");
            Attempts[i].Tell(story);
            story.Append('\n');
        }

        return story.Append("in all ").Append(FactText.Of(Duration)).ToString();
    }
}
