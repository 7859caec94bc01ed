using System.Buffers;

namespace Urllib4.Primitives;

/// <summary>A name and all names below it, or only these.</summary>
/// <param name="Name">The name in normal form, without a final dot.</param>
/// <param name="OnlyBelow">Whether the name itself is not covered.</param>
internal readonly record struct HostPattern(string Name, bool OnlyBelow)
{
    // A URL may have others in its host. In a list they are a mistake: a star inside a name, a semicolon between two.
    private static readonly SearchValues<char> _ofNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>
    /// Reads <c>example.com</c> or <c>.example.com</c> (with all below it) or <c>*.example.com</c> (only what is below it). An address is
    /// none of them.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, out HostPattern pattern)
    {
        pattern = default;
        bool onlyBelow = text.StartsWith("*.");
        ReadOnlySpan<char> host = onlyBelow ? text[2..] : text.StartsWith('.') ? text[1..] : text;
        host = WithoutDot(host);
        if (host.IsEmpty || HostName.Check(host, out string? changed).Exists)
            return false;
        string name = changed ?? host.ToString();
        if (name.AsSpan().ContainsAnyExcept(_ofNames) || IpLiteral.IsIPv4(name))
            return false;
        pattern = new HostPattern(name, onlyBelow);
        return true;
    }

    /// <summary>A name without the dot that ends it.</summary>
    public static ReadOnlySpan<char> WithoutDot(ReadOnlySpan<char> name) => name.EndsWith('.') ? name[..^1] : name;

    /// <summary>Whether a name, without a final dot, is covered. An address never is.</summary>
    public bool Covers(ReadOnlySpan<char> host)
    {
        if (!host.EndsWith(Name, StringComparison.OrdinalIgnoreCase))
            return false;
        return host.Length == Name.Length ? !OnlyBelow : host[^(Name.Length + 1)] == '.';
    }
}
