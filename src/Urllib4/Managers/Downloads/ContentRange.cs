using System.Globalization;

namespace Urllib4.Managers;

/// <summary>Which bytes of how many a 206 brings (RFC 9110, section 14.4).</summary>
internal readonly record struct ContentRange(long First, long Last, long Complete)
{
    private const string Unit = "bytes ";

    public long Length => Last - First + 1;

    /// <summary>
    /// Reads <c>bytes 0-9/20</c>. A length that is not told, and bounds that make no sense, are no range anybody could rely on.
    /// </summary>
    public static ContentRange? Parse(ReadOnlySpan<char> value)
    {
        int dash = value.IndexOf('-');
        int slash = value.IndexOf('/');
        return value.StartsWith(Unit, StringComparison.OrdinalIgnoreCase) && dash > Unit.Length && slash > dash
            && TryNumber(value[Unit.Length..dash], out long first)
            && TryNumber(value[(dash + 1)..slash], out long last)
            && TryNumber(value[(slash + 1)..], out long complete)
            && first <= last && last < complete
                ? new ContentRange(first, last, complete)
                : null;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out long number) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
