using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>Reads the lists of an <see cref="EgressPolicy"/>. A list that guards something has no entry that means nothing.</summary>
internal static class EgressLists
{
    /// <summary>The entries, none of them null.</summary>
    public static ImmutableArray<T> Copy<T>(IReadOnlyList<T> value, [CallerMemberName] string name = "")
    {
        ArgumentNullException.ThrowIfNull(value, name);
        ImmutableArray<T> copy = [.. value];
        return copy.Contains(default!) && default(T) is null ? throw new ArgumentNullException(name, "An entry is null.") : copy;
    }

    /// <summary>Addresses, and addresses with a prefix.</summary>
    public static ImmutableArray<AddressRange> Networks(IReadOnlyList<string> entries, [CallerMemberName] string name = "") =>
        [.. entries.Select(entry => !AddressRange.TryRead(entry, out AddressRange range)
            ? throw Wrong(entry, name, "an address or a network is needed, such as 10.1.2.3, 10.0.0.0/8 or fd00::/8")
            : range.IsExact ? range
            : throw Wrong(entry, name, "it has bits behind its prefix; name the first address of the network"))];

    /// <summary>Names, with what is below them or without themselves.</summary>
    public static ImmutableArray<HostPattern> Hosts(IReadOnlyList<string> entries, [CallerMemberName] string name = "") =>
        [.. entries.Select(entry => HostPattern.TryRead(entry, out HostPattern host)
            ? host
            : throw Wrong(entry, name, "a name is needed, such as example.com or *.example.com; addresses belong to the networks"))];

    /// <summary>Ports.</summary>
    public static ImmutableArray<int> Ports(ImmutableArray<int> entries, [CallerMemberName] string name = "") =>
        entries.All(static port => port is > 0 and <= IPEndPoint.MaxPort)
            ? entries
            : throw new ArgumentException($"{name} has a number that is no port: one of 1 to 65535 is needed.", name);

    /// <summary>Schemes, in lower case.</summary>
    public static ImmutableArray<string> Schemes(ImmutableArray<string> entries, [CallerMemberName] string name = "") =>
        [.. entries.Select(entry => entry.ToLowerInvariant() is var scheme && scheme is "http" or "https"
            ? scheme
            : throw Wrong(entry, name, "there are http and https"))];

    private static ArgumentException Wrong(string entry, string name, string rule) =>
        new($"{name} has the entry '{Escaping.Show(entry)}': {rule}.", name);
}
