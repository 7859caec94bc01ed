using System.Collections.Immutable;
using Urllib4.Policies;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// Where requests may go: schemes, ports, hosts and addresses. Judged on each address that is about to be dialed, after the name was
/// resolved, so that neither redirects nor names that change their address lead around it. What is refused ends the call with
/// <see cref="EgressRefusedException"/>.
/// </summary>
/// <remarks>
/// <para>Every member has to let a request pass. A name of which some addresses are refused is reached at the others. The addresses of IPv4
/// that are inside of IPv6 addresses (mapped, compatible, translated, NAT64, 6to4, Teredo) are judged as well; zones take no part.</para>
/// <para>The proxy is not judged, since the program named it; what is asked of it is. Where it resolves the name (HTTP proxies, socks5h,
/// socks4a) the address is not known on this side: then the URL is judged by its scheme, port and host, and a host that is an address by
/// that. With <see cref="EgressAddresses.PublicInternet"/> such a name has to be one of the public DNS; with
/// <see cref="EgressAddresses.Listed"/>, or to be reached all the same, one of <see cref="AllowedHosts"/>.</para>
/// <para>What a <see cref="Dialer"/> of the program does is its own affair, except that scheme, port and host are judged before it is
/// asked, and the address when it dials by <see cref="TcpDialer"/> or gives back a socket that has one. So a Unix socket may be
/// reached.</para>
/// <para>Immutable, so safe to share between threads; derive another with <c>with</c>. Two values are equal when all their members are,
/// lists entry by entry.</para>
/// </remarks>
public sealed record EgressPolicy
{
    private readonly ImmutableArray<AddressRange> _allowedNetworks = [], _deniedNetworks = [];
    private readonly ImmutableArray<HostPattern> _allowedHosts = [], _deniedHosts = [];

    /// <summary>
    /// Only the public internet: <see cref="Addresses"/> is <see cref="EgressAddresses.PublicInternet"/>. Any port, since a port says
    /// nothing of the server behind it; <c>with { AllowedPorts = [80, 443] }</c> says more.
    /// </summary>
    public static EgressPolicy PublicInternetOnly { get; } = new() { Addresses = EgressAddresses.PublicInternet };

    /// <summary>
    /// Which addresses may be reached that are neither in <see cref="AllowedNetworks"/> nor in <see cref="DeniedNetworks"/>. Default
    /// <see cref="EgressAddresses.Any"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of these.</exception>
    public EgressAddresses Addresses
    {
        get;
        init => field = value is >= EgressAddresses.Any and <= EgressAddresses.Listed
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Addresses), value, "There is no such choice of addresses.");
    }

    /// <summary>
    /// Addresses that may be reached whatever <see cref="Addresses"/> says: <c>10.1.2.3</c>, <c>10.0.0.0/8</c>, <c>fd00::/8</c>. Copied
    /// when set. Default none.
    /// </summary>
    /// <exception cref="ArgumentNullException">The list or an entry is null.</exception>
    /// <exception cref="ArgumentException">An entry is no address and no network, or has bits behind its prefix.</exception>
    public IReadOnlyList<string> AllowedNetworks
    {
        get;
        init => _allowedNetworks = EgressLists.Networks(field = EgressLists.Copy(value));
    } = ImmutableArray<string>.Empty;

    /// <summary>
    /// Addresses that may not be reached, not even when <see cref="AllowedNetworks"/> has them; nor may an address that has one of them
    /// inside. Copied when set. Default none.
    /// </summary>
    /// <inheritdoc cref="AllowedNetworks" path="/exception"/>
    public IReadOnlyList<string> DeniedNetworks
    {
        get;
        init => _deniedNetworks = EgressLists.Networks(field = EgressLists.Copy(value));
    } = ImmutableArray<string>.Empty;

    /// <summary>
    /// The only hosts that may be in a URL, as in <see cref="ProxyOptions.NoProxy"/>: <c>example.com</c> (with all below it),
    /// <c>*.example.com</c> (only what is below it). Their addresses are judged all the same. Copied when set. Default none, which means
    /// any; otherwise no URL may have an address for its host.
    /// </summary>
    /// <exception cref="ArgumentNullException">The list or an entry is null.</exception>
    /// <exception cref="ArgumentException">An entry is not a name.</exception>
    public IReadOnlyList<string> AllowedHosts
    {
        get;
        init => _allowedHosts = EgressLists.Hosts(field = EgressLists.Copy(value));
    } = ImmutableArray<string>.Empty;

    /// <summary>
    /// Hosts that may not be in a URL, written as <see cref="AllowedHosts"/>. Whoever owns another name can lead it to the same server; to
    /// forbid that, forbid its address. Copied when set. Default none.
    /// </summary>
    /// <inheritdoc cref="AllowedHosts" path="/exception"/>
    public IReadOnlyList<string> DeniedHosts
    {
        get;
        init => _deniedHosts = EgressLists.Hosts(field = EgressLists.Copy(value));
    } = ImmutableArray<string>.Empty;

    /// <summary>The only ports that may be reached. Copied when set. Default none, which means any.</summary>
    /// <exception cref="ArgumentNullException">The list is null.</exception>
    /// <exception cref="ArgumentException">An entry is not one of 1 to 65535.</exception>
    public IReadOnlyList<int> AllowedPorts
    {
        get;
        init => field = EgressLists.Ports(EgressLists.Copy(value));
    } = ImmutableArray<int>.Empty;

    /// <summary>The only schemes a URL may have: <c>http</c>, <c>https</c>. Copied when set. Default none, which means both.</summary>
    /// <exception cref="ArgumentNullException">The list or an entry is null.</exception>
    /// <exception cref="ArgumentException">An entry is neither http nor https, in any case.</exception>
    public IReadOnlyList<string> AllowedSchemes
    {
        get;
        init => field = EgressLists.Schemes(EgressLists.Copy(value));
    } = ImmutableArray<string>.Empty;

    /// <summary>
    /// Asked when everything else lets a target pass: null lets it pass too, a text is the rule that forbids it, as the end of a sentence.
    /// Asked with the name alone before anything is looked up, and again with each address before it is dialed; not for a connection that
    /// is used again. Called from any thread, with no lock held; a blocking call waits for it. What it throws forbids the target, and is
    /// the inner exception of the <see cref="EgressRefusedException"/>. Default null.
    /// </summary>
    public Func<EgressTarget, string?>? Check { get; init; }

    /// <summary>Another policy that has to let a target pass too.</summary>
    internal EgressPolicy? Besides { get; private init; }

    /// <summary><see cref="AllowedNetworks"/>, read.</summary>
    internal ImmutableArray<AddressRange> GetAllowedNetworks() => _allowedNetworks;

    /// <summary><see cref="DeniedNetworks"/>, read.</summary>
    internal ImmutableArray<AddressRange> GetDeniedNetworks() => _deniedNetworks;

    /// <summary><see cref="AllowedHosts"/>, read.</summary>
    internal ImmutableArray<HostPattern> GetAllowedHosts() => _allowedHosts;

    /// <summary><see cref="DeniedHosts"/>, read.</summary>
    internal ImmutableArray<HostPattern> GetDeniedHosts() => _deniedHosts;

    /// <summary>Whether the other one has the same members.</summary>
    /// <param name="other">The other policy.</param>
    /// <returns>True when it has.</returns>
    public bool Equals(EgressPolicy? other) => ReferenceEquals(this, other)
        || (other is not null
            && Addresses == other.Addresses
            && AllowedNetworks.SequenceEqual(other.AllowedNetworks)
            && DeniedNetworks.SequenceEqual(other.DeniedNetworks)
            && AllowedHosts.SequenceEqual(other.AllowedHosts)
            && DeniedHosts.SequenceEqual(other.DeniedHosts)
            && AllowedPorts.SequenceEqual(other.AllowedPorts)
            && AllowedSchemes.SequenceEqual(other.AllowedSchemes)
            && Check == other.Check
            && Besides == other.Besides);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        Addresses, AllowedNetworks.Count, DeniedNetworks.Count, AllowedHosts.Count, DeniedHosts.Count, AllowedPorts.Count, Check);

    /// <summary>What was set.</summary>
    /// <returns>For example <c>EgressPolicy { Addresses = PublicInternet, AllowedPorts = 80, 443 }</c>.</returns>
    public override string ToString()
    {
        (string Name, string Value)[] members =
        [
            (nameof(Addresses), Addresses == default ? "" : $"{Addresses}"),
            (nameof(AllowedNetworks), string.Join(", ", AllowedNetworks)),
            (nameof(DeniedNetworks), string.Join(", ", DeniedNetworks)),
            (nameof(AllowedHosts), string.Join(", ", AllowedHosts)),
            (nameof(DeniedHosts), string.Join(", ", DeniedHosts)),
            (nameof(AllowedPorts), string.Join(", ", AllowedPorts)),
            (nameof(AllowedSchemes), string.Join(", ", AllowedSchemes)),
            (nameof(Check), Check is null ? "" : "set"),
            ("besides", $"{Besides}"),
        ];
        string[] shown =
            [.. members.Where(static member => member.Value.Length > 0).Select(static member => $"{member.Name} = {member.Value}")];
        return shown.Length == 0 ? $"{nameof(EgressPolicy)} {{ }}" : $"{nameof(EgressPolicy)} {{ {string.Join(", ", shown)} }}";
    }

    /// <summary>This policy and another one: a target has to pass both.</summary>
    internal EgressPolicy Over(EgressPolicy? below) => below is null || below == this || below == Besides
        ? this
        : this with { Besides = Besides is null ? below : Besides.Over(below) };
}
