using System.Buffers.Binary;
using System.Net;

namespace Urllib4.Primitives;

/// <summary>
/// A block of addresses. Those of IPv4 are written as IPv6 has them, mapped, so that an address and the same one mapped are equal.
/// </summary>
/// <param name="Network">The first of them.</param>
/// <param name="Prefix">How many of its 128 bits count.</param>
internal readonly record struct AddressRange(UInt128 Network, int Prefix)
{
    private const int Bits = 128;
    private const int MappedPrefix = 96;

    /// <summary>Whether no bit behind the prefix is set.</summary>
    public bool IsExact => Prefix == Bits || Network << Prefix == 0;

    /// <summary>Whether an address, as one of IPv6, is one of IPv4.</summary>
    public static bool IsIPv4(UInt128 address) => address >> 32 == 0xFFFF;

    /// <summary>An address as a number, an IPv4 address as a mapped one. A zone takes no part.</summary>
    public static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out int length);
        return length == 16
            ? BinaryPrimitives.ReadUInt128BigEndian(octets)
            : new UInt128(0, 0xFFFF_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(octets));
    }

    /// <summary>The address of a number.</summary>
    public static IPAddress AddressOf(UInt128 number)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, number);
        return new IPAddress(IsIPv4(number) ? octets[12..] : octets);
    }

    /// <summary>Reads an address of either family, IPv6 with or without brackets; its zone takes no part.</summary>
    public static bool TryReadAddress(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = 0;
        text = WithoutZone(text is ['[', .., ']'] ? text[1..^1] : text);
        if (!IpLiteral.IsIPv4(text) && !IpLiteral.IsIPv6(text))
            return false;
        address = NumberOf(IPAddress.Parse(text));
        return true;
    }

    /// <summary>Reads an address, or an address, a slash and the length of a prefix.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out AddressRange range)
    {
        range = default;
        int slash = text.IndexOf('/');
        ReadOnlySpan<char> address = slash < 0 ? text : text[..slash];
        if (!TryReadAddress(address, out UInt128 network))
            return false;
        int prefix = Bits;
        bool isIPv4 = IpLiteral.IsIPv4(address);
        if (slash >= 0 && !TryReadNumber(text[(slash + 1)..], isIPv4 ? Bits - MappedPrefix : Bits, out prefix))
            return false;
        range = new AddressRange(network, slash >= 0 && isIPv4 ? prefix + MappedPrefix : prefix);
        return true;
    }

    /// <summary>Reads a number of decimal digits.</summary>
    public static bool TryReadNumber(ReadOnlySpan<char> text, int max, out int number)
    {
        number = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c) || (number = (number * 10) + c - '0') > max)
                return false;
        }

        return !text.IsEmpty;
    }

    /// <summary>Without what says at which interface a link-local address is.</summary>
    public static ReadOnlySpan<char> WithoutZone(ReadOnlySpan<char> address) =>
        address.IndexOf('%') is >= 0 and var zone && address.Contains(':') ? address[..zone] : address;

    /// <summary>Whether an address is among them.</summary>
    public bool Covers(UInt128 address)
    {
        // ::/0 is about IPv6; IPv4 addresses lie in it only because of how they are written here.
        if (Prefix < MappedPrefix && IsIPv4(address))
            return false;
        return Prefix == 0 || (address ^ Network) >> (Bits - Prefix) == 0;
    }

    /// <summary>As it is written, the first address and the length of the prefix.</summary>
    public override string ToString()
    {
        bool isIPv4 = Prefix >= MappedPrefix && IsIPv4(Network);
        return $"{AddressOf(Network)}/{(isIPv4 ? Prefix - MappedPrefix : Prefix)}";
    }
}
