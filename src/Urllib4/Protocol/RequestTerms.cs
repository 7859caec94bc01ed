using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Protocol;

/// <summary>What a checked request head means for the response and the connection.</summary>
internal readonly record struct RequestTerms
{
    /// <summary>The value of <c>Host</c>, or null when the caller wants none.</summary>
    public required string? Host { get; init; }

    /// <summary>Whether the response has no body whatever its head says.</summary>
    public bool IsHead { get; init; }

    /// <summary>Whether a 2xx turns the connection into a tunnel.</summary>
    public bool IsConnect { get; init; }

    /// <summary>Whether the request itself gave up the connection.</summary>
    public bool Closes { get; init; }

    /// <summary>Whether the body may wait for a 100.</summary>
    public bool ExpectsContinue { get; init; }

    /// <summary>Whether the caller has written the framing header.</summary>
    public bool HasFramingField { get; init; }

    /// <summary>Whether <c>TE</c> is there and <c>Connection</c> does not name it, as HTTP/1.1 asks for.</summary>
    public bool HasUnnamedTe { get; init; }

    /// <summary>The protocols the request offered in <c>Upgrade</c>, or null.</summary>
    public string? Offered { get; init; }

    /// <summary>Whether a 101 is taken whatever it names.</summary>
    public bool AcceptsAnySwitch { get; init; }

    /// <summary>
    /// Whether a 101 names protocols the request has offered, and nothing else (RFC 9110, section 7.8). Compared whole: a part of a
    /// name is another name.
    /// </summary>
    public bool Covers(HttpHeaderDict response)
    {
        if (AcceptsAnySwitch)
            return true;
        if (Offered is null)
            return false;
        bool any = false;
        foreach (string line in response.GetAll(HeaderNames.Upgrade))
        {
            foreach (Range range in line.AsSpan().Split(','))
            {
                if (!ListNames(Offered, line.AsSpan()[range].Trim(" \t")))
                    return false;
                any = true;
            }
        }

        return any;
    }

    /// <summary>Whether a comma-separated list has the name as a whole member, in any case.</summary>
    public static bool ListNames(ReadOnlySpan<char> list, ReadOnlySpan<char> name)
    {
        foreach (Range range in list.Split(','))
        {
            if (Ascii.EqualsIgnoreCase(list[range].Trim(" \t"), name))
                return true;
        }

        return false;
    }
}
