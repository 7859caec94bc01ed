using System.Collections.Immutable;
using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>
/// What a policy says of a target: null when it may be reached, else the rule that forbids it. Pure, but for what
/// <see cref="EgressPolicy.Check"/> does.
/// </summary>
internal static class EgressRules
{
    // No public name server knows these, so that only the network of the proxy can give them an address: RFC 6761, RFC 6762, RFC 7686,
    // RFC 8375, RFC 9476, and internal, which ICANN has set aside in 2024.
    private static readonly ImmutableArray<HostPattern> _privateNames =
        EgressLists.Hosts(["localhost", "local", "internal", "home.arpa", "test", "invalid", "onion", "alt"], "");

    /// <summary>
    /// Judges what is known of a target: scheme, port and host, and the address if it has one. Whoever dials asks again with each address.
    /// </summary>
    public static string? Of(EgressPolicy policy, EgressTarget target)
    {
        for (EgressPolicy? each = policy; each is not null; each = each.Besides)
        {
            string? rule = OfName(each, target)
                ?? (target.Address is { } address ? OfAddress(each, AddressRange.NumberOf(address)) : null)
                ?? Ask(each, target);
            if (rule is not null)
                return rule;
        }

        return null;
    }

    /// <summary>Judges a name that the proxy resolves, so that its address will not be known here.</summary>
    public static string? OfUnresolved(EgressPolicy policy, string host)
    {
        ReadOnlySpan<char> name = HostPattern.WithoutDot(host);
        for (EgressPolicy? each = policy; each is not null; each = each.Besides)
        {
            // The program itself has named those.
            if (!each.GetAllowedHosts().IsEmpty)
                continue;
            if (each.Addresses == EgressAddresses.Listed)
                return "the proxy resolves the name, so that it has to be among AllowedHosts";
            if (each.Addresses == EgressAddresses.PublicInternet && (!name.Contains('.') || Covers(_privateNames, name)))
                return "the proxy resolves the name, which the public DNS does not have";
        }

        return null;
    }

    private static string? OfName(EgressPolicy policy, EgressTarget target)
    {
        if (policy.AllowedSchemes.Count > 0 && !policy.AllowedSchemes.Contains(target.Scheme))
            return $"the scheme {target.Scheme} is not among AllowedSchemes";
        if (policy.AllowedPorts.Count > 0 && !policy.AllowedPorts.Contains(target.Port))
            return $"port {target.Port} is not among AllowedPorts";
        ReadOnlySpan<char> name = HostPattern.WithoutDot(target.Host);
        if (Covers(policy.GetDeniedHosts(), name))
            return "the host is among DeniedHosts";
        return policy.GetAllowedHosts().IsEmpty || Covers(policy.GetAllowedHosts(), name) ? null : "the host is not among AllowedHosts";
    }

    private static string? OfAddress(EgressPolicy policy, UInt128 address)
    {
        foreach (UInt128 each in EmbeddedAddresses.In(address).Prepend(address))
        {
            if (Find(policy.GetDeniedNetworks(), each) is { } denied)
                return $"{Named(each, address)} is in {denied}, which is among DeniedNetworks";
        }

        if (policy.Addresses == EgressAddresses.Any || Find(policy.GetAllowedNetworks(), address) is not null)
            return null;
        if (policy.Addresses == EgressAddresses.Listed)
            return $"{AddressRange.AddressOf(address)} is not in AllowedNetworks";
        // Without IPv4 of its own, a network reaches all of IPv4 by this prefix.
        if (EmbeddedAddresses.Translation.Covers(address))
        {
            UInt128 inside = EmbeddedAddresses.In(address).First();
            return Find(policy.GetAllowedNetworks(), inside) is null && SpecialPurposeRanges.Of(inside) is { } why
                ? $"{Named(inside, address)} is not public: {why}"
                : null;
        }

        return SpecialPurposeRanges.Of(address) is { } reason ? $"{AddressRange.AddressOf(address)} is not public: {reason}" : null;
    }

    private static string? Ask(EgressPolicy policy, EgressTarget target) =>
        policy.Check?.Invoke(target) is { } rule ? rule.Length > 0 ? rule : $"{nameof(EgressPolicy.Check)} said no" : null;

    private static bool Covers(ImmutableArray<HostPattern> hosts, ReadOnlySpan<char> name)
    {
        foreach (HostPattern host in hosts)
        {
            if (host.Covers(name))
                return true;
        }

        return false;
    }

    private static AddressRange? Find(ImmutableArray<AddressRange> ranges, UInt128 address)
    {
        foreach (AddressRange range in ranges)
        {
            if (range.Covers(address))
                return range;
        }

        return null;
    }

    private static string Named(UInt128 address, UInt128 whole) => address == whole
        ? $"{AddressRange.AddressOf(address)}"
        : $"{AddressRange.AddressOf(address)}, which is inside of {AddressRange.AddressOf(whole)},";
}
