using System.Globalization;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Connections;

/// <summary>
/// What a server says with <c>Keep-Alive: timeout=5, max=100</c>: how long it is going to keep an idle connection open. No standard asks
/// for it, but most servers send it, and who believes them does not write into a connection that is just being closed.
/// </summary>
internal static class KeepAliveField
{
    private const string Timeout = "timeout=";

    /// <summary>The time that was named; infinite when none was, or none that can be read.</summary>
    public static TimeSpan TimeoutIn(ResponseHead head)
    {
        if (!head.Has("Keep-Alive"u8))
            return System.Threading.Timeout.InfiniteTimeSpan;
        ReadOnlySpan<char> value = head.Headers[HeaderNames.KeepAlive];
        foreach (Range range in value.Split(','))
        {
            ReadOnlySpan<char> parameter = value[range].Trim(" \t");
            if (parameter.StartsWith(Timeout, StringComparison.OrdinalIgnoreCase)
                && int.TryParse(parameter[Timeout.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }

        return System.Threading.Timeout.InfiniteTimeSpan;
    }
}
