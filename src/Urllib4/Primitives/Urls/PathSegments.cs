using System.Text;

namespace Urllib4.Primitives;

/// <summary>RFC 3986 §5.2.4: takes <c>.</c> and <c>..</c> out of a path, in time linear in its length. Escaped dots stay.</summary>
internal static class PathSegments
{
    /// <summary>Whether a path that begins with a slash has a segment to take out.</summary>
    internal static bool HasDots(ReadOnlySpan<char> path)
    {
        while (true)
        {
            int at = path.IndexOf("/.", StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            path = path[(at + 1)..];
            int end = path.IndexOf('/');
            if ((end < 0 ? path : path[..end]) is "." or "..")
            {
                return true;
            }
        }
    }

    /// <summary>A <c>..</c> above the root is dropped; doubled slashes stay, since each is a segment.</summary>
    internal static string RemoveDots(ReadOnlySpan<char> path)
    {
        var result = new StringBuilder(path.Length);
        // Where each segment kept so far begins in the result, so that taking one back costs no search.
        var starts = new Stack<int>();
        ReadOnlySpan<char> rest = path;
        while (!rest.IsEmpty)
        {
            int next = rest[1..].IndexOf('/');
            ReadOnlySpan<char> segment = next < 0 ? rest : rest[..(next + 1)];
            rest = rest[segment.Length..];
            bool up = segment is "/..";
            if (up && starts.TryPop(out int start))
            {
                result.Length = start;
            }

            if (!up && segment is not "/.")
            {
                starts.Push(result.Length);
                result.Append(segment);
            }
            else if (rest.IsEmpty)
            {
                result.Append('/');
            }
        }

        return result.ToString();
    }
}
