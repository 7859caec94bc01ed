using System.Globalization;

namespace Urllib4.Policies;

/// <summary>
/// Reads a <c>Retry-After</c> field (RFC 9110, section 10.2.3): seconds, or one of the three forms of a date. Linear in its length.
/// </summary>
internal static class RetryAfter
{
    /// <summary>The longest real value is an RFC 850 date of 33 characters; anything far longer is not read at all.</summary>
    private const int MaxLength = 64;

    /// <summary>
    /// Reads the field. False for anything that is neither: a server's garbage must not decide how a call ends, so the caller falls back
    /// to its own pause.
    /// </summary>
    /// <param name="text">The field's value.</param>
    /// <param name="now">The wall clock, for dates only.</param>
    /// <param name="delay">
    /// The time to wait: zero for a moment that has passed, <see cref="TimeSpan.MaxValue"/> for one beyond reckoning.
    /// </param>
    public static bool TryParse(ReadOnlySpan<char> text, DateTimeOffset now, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        text = text.Trim(" \t");
        if (text.IsEmpty || text.Length > MaxLength)
            return false;

        if (!text.ContainsAnyExceptInRange('0', '9'))
        {
            delay = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                && seconds < (long)TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
            return true;
        }

        if (!TryParseDate(text, now, out DateTimeOffset date))
            return false;
        delay = date > now ? date - now : TimeSpan.Zero;
        return true;
    }

    /// <summary>
    /// RFC 9110, section 5.6.7: <c>Sun, 06 Nov 1994 08:49:37 GMT</c>, <c>Sunday, 06-Nov-94 08:49:37 GMT</c>,
    /// <c>Sun Nov  6 08:49:37 1994</c>. Separators, a one-digit day and <c>UTC</c> are taken as they come, as urllib3 does.
    /// </summary>
    private static bool TryParseDate(ReadOnlySpan<char> text, DateTimeOffset now, out DateTimeOffset date)
    {
        date = default;
        Span<Range> parts = stackalloc Range[8];
        int count = text.SplitAny(parts, " ,-", StringSplitOptions.RemoveEmptyEntries);
        if (count is not (5 or 6) || !IsDayName(text[parts[0]]))
            return false;

        bool asctime = count == 5;
        if (!asctime && text[parts[5]] is not ("GMT" or "UTC"))
            return false;
        return TryNumber(text[parts[asctime ? 2 : 1]], 2, out int day)
            && TryMonth(text[parts[asctime ? 1 : 2]], out int month)
            && TryYear(text[parts[asctime ? 4 : 3]], out int year, out bool twoDigits)
            && TryTime(text[parts[asctime ? 3 : 4]], out TimeSpan time)
            && TryDate(twoDigits ? FullYear(year, month, day, now) : year, month, day, time, out date);
    }

    private static bool IsDayName(ReadOnlySpan<char> text) => text is
        "Mon" or "Tue" or "Wed" or "Thu" or "Fri" or "Sat" or "Sun"
        or "Monday" or "Tuesday" or "Wednesday" or "Thursday" or "Friday" or "Saturday" or "Sunday";

    private static bool TryMonth(ReadOnlySpan<char> text, out int month)
    {
        const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";
        int index = text.Length == 3 ? Months.AsSpan().IndexOf(text) : -1;
        month = (index / 3) + 1;
        return index >= 0 && index % 3 == 0;
    }

    private static bool TryYear(ReadOnlySpan<char> text, out int year, out bool twoDigits)
    {
        twoDigits = text.Length == 2;
        return TryNumber(text, 4, out year) && (twoDigits || (text.Length == 4 && year > 0));
    }

    /// <summary>
    /// A date more than fifty years ahead is meant to be in the past (RFC 9110, section 5.6.7); one that far behind is then ahead,
    /// which matters in the last years of a century.
    /// </summary>
    private static int FullYear(int year, int month, int day, DateTimeOffset now)
    {
        DateTime utc = now.UtcDateTime;
        int full = utc.Year - (utc.Year % 100) + year;
        if (full > utc.Year + 50 || (full == utc.Year + 50 && (month, day).CompareTo((utc.Month, utc.Day)) > 0))
            return full - 100;
        return full < utc.Year - 50 ? full + 100 : full;
    }

    private static bool TryTime(ReadOnlySpan<char> text, out TimeSpan time)
    {
        time = default;
        if (text.Length != 8 || text[2] != ':' || text[5] != ':'
            || !TryNumber(text[..2], 2, out int hours)
            || !TryNumber(text[3..5], 2, out int minutes)
            || !TryNumber(text[6..], 2, out int seconds)
            || hours > 23 || minutes > 59 || seconds > 60)
            return false;
        time = new TimeSpan(hours, minutes, seconds); // a leap second, 60, becomes the second after it
        return true;
    }

    private static bool TryDate(int year, int month, int day, TimeSpan time, out DateTimeOffset date)
    {
        date = default;
        if (year is < 1 or > 9998 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero) + time;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, int maxDigits, out int number)
    {
        number = 0;
        return text.Length <= maxDigits && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
