using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>
/// The IPv4 addresses inside IPv6 addresses: who dials the one may reach the other. Each as one of IPv6, mapped. A mapped address holds
/// none: it is the IPv4 address itself.
/// </summary>
internal static class EmbeddedAddresses
{
    /// <summary>The well-known prefix of NAT64 (RFC 6052, section 2.1).</summary>
    public static AddressRange Translation { get; } = Read("64:ff9b::/96");

    private static readonly AddressRange _teredo = Read("2001::/32"); // RFC 4380, section 4
    private static readonly AddressRange _sixToFour = Read("2002::/16"); // RFC 3056, section 2
    private static readonly AddressRange _localTranslation = Read("64:ff9b:1::/48"); // RFC 8215


    // Those that end in one: compatible (RFC 4291, section 2.5.5.1), translated (RFC 7915) and NAT64.
    private static readonly AddressRange[] _endings = [Read("::/96"), Read("::ffff:0:0:0/96"), Translation];

    /// <summary>The addresses inside an address, both ends of a Teredo tunnel.</summary>
    public static IEnumerable<UInt128> In(UInt128 address)
    {
        if (Array.Exists(_endings, range => range.Covers(address)))
            yield return At(address, 0);
        if (_sixToFour.Covers(address))
            yield return At(address, 80);
        if (_teredo.Covers(address))
        {
            yield return At(address, 64);
            yield return At(~address, 0); // obscured on the way
        }

        if (!_localTranslation.Covers(address))
            yield break;
        // Each length of prefix that fits (RFC 6052, section 2.2); the eight bits from the 64th on belong to no address.
        yield return At(address, 0);
        yield return Around(address, 16);
        yield return Around(address, 24);
        yield return At(address, 24);
    }

    private static UInt128 At(UInt128 address, int bitsBehind) => Mapped((uint)(address >> bitsBehind));

    // As many of its bits behind the gap.
    private static UInt128 Around(UInt128 address, int bitsBehind)
    {
        uint before = (uint)(address >> 64) << bitsBehind;
        uint behind = (uint)(address >> (56 - bitsBehind)) & ((1u << bitsBehind) - 1);
        return Mapped(before | behind);
    }

    private static UInt128 Mapped(uint address) => new(0, 0xFFFF_0000_0000UL | address);

    private static AddressRange Read(string text) => AddressRange.TryRead(text, out AddressRange range) ? range : default;
}
