using System.Collections.Immutable;

namespace Urllib4.Policies;

/// <summary>A request as it was sent, as far as a server can tell it from another one.</summary>
internal sealed record SentRequest(string Method, Url Url, HttpHeaderDict Headers);

/// <summary>Tells a call that goes in a circle from one that comes back to where it was, with something new to say.</summary>
internal static class RedirectCircle
{
    /// <summary>
    /// How often the same request is sent when no counter of <see cref="Retry"/> ends a circle. A server that lets a call wait by sending
    /// it back to the same place stays far below.
    /// </summary>
    public const int MaxVisits = 20;

    /// <summary>How many requests of a call were the same as the next one: method, URL and every header.</summary>
    public static int Visits(ImmutableList<SentRequest> sent, SentRequest next)
    {
        int visits = 0;
        foreach (SentRequest request in sent)
        {
            if (IsSame(request, next))
                visits++;
        }

        return visits;
    }

    // What a fragment says never reaches a server.
    private static bool IsSame(SentRequest left, SentRequest right) =>
        left.Method == right.Method
        && left.Url.Origin == right.Url.Origin
        && left.Url.RequestUri == right.Url.RequestUri
        && left.Headers.SequenceEqual(right.Headers, Lines.Comparer);

    private sealed class Lines : IEqualityComparer<KeyValuePair<string, string>>
    {
        public static readonly Lines Comparer = new();

        public bool Equals(KeyValuePair<string, string> left, KeyValuePair<string, string> right) =>
            left.Key.Equals(right.Key, StringComparison.OrdinalIgnoreCase) && left.Value == right.Value;

        public int GetHashCode(KeyValuePair<string, string> line) => StringComparer.OrdinalIgnoreCase.GetHashCode(line.Key);
    }
}
