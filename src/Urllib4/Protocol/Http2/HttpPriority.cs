using System.Globalization;

namespace Urllib4.Protocol.Http2;

/// <summary>How urgent a response is, and whether it is of use in parts (RFC 9218, section 4).</summary>
/// <param name="Urgency">0 for the most urgent to 7.</param>
/// <param name="IsIncremental">Whether responses of one urgency should come side by side instead of one after another.</param>
internal readonly record struct HttpPriority(byte Urgency, bool IsIncremental)
{
    private const byte LeastUrgent = 7;

    /// <summary>What holds when nothing is said.</summary>
    public static HttpPriority Default => new(3, false);

    /// <summary>
    /// Reads the value of a <c>Priority</c> field. What is not understood counts as not said (RFC 9218, section 4), so this cannot fail.
    /// </summary>
    public static HttpPriority Parse(ReadOnlySpan<char> value)
    {
        HttpPriority priority = Default;
        foreach (Range range in value.Split(','))
        {
            ReadOnlySpan<char> member = value[range].Trim(" \t");
            int parameters = member.IndexOf(';');
            if (parameters >= 0)
                member = member[..parameters].TrimEnd(" \t");
            if (member is ['u', '=', >= '0' and <= '7'])
                priority = priority with { Urgency = (byte)(member[2] - '0') };
            else if (member is "i" or "i=?1" or "i=?0")
                priority = priority with { IsIncremental = member is not "i=?0" };
        }

        return priority;
    }

    /// <summary>The value of a <c>Priority</c> field; empty for the default.</summary>
    public override string ToString()
    {
        byte urgency = Math.Min(Urgency, LeastUrgent);
        string text = urgency == Default.Urgency ? "" : string.Create(CultureInfo.InvariantCulture, $"u={urgency}");
        return !IsIncremental ? text : text.Length == 0 ? "i" : text + ", i";
    }
}
