namespace Urllib4;

/// <summary>
/// Which addresses an <see cref="EgressPolicy"/> lets pass that are in none of its lists.
/// </summary>
public enum EgressAddresses
{
    /// <summary>All.</summary>
    Any,

    /// <summary>
    /// Those of the public internet: no address of a range that the IANA registries set aside for a special purpose, no multicast, and of
    /// IPv6 only 2000::/3, the global unicast addresses.
    /// </summary>
    PublicInternet,

    /// <summary>None: only what <see cref="EgressPolicy.AllowedNetworks"/> has.</summary>
    Listed,
}
