using System.Net;

namespace Urllib4.TestKit;

/// <summary>What a certificate is to say. By default it is a good server certificate, valid for a year around now.</summary>
public sealed record Leaf
{
    /// <summary>The names in the subject alternative names; wildcards are written as they are.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The addresses in the subject alternative names.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The common name; with neither names nor addresses it stands alone, as in certificates of old.</summary>
    public string CommonName { get; init; } = "Urllib4 test";

    /// <summary>The first moment of validity; half a year ago when null.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The last moment of validity; in half a year when null.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>The extended key usages; none leaves the extension out.</summary>
    public IReadOnlyList<string> Usages { get; init; } = [ServerUsage];

    /// <summary>The kind of the key.</summary>
    public KeyKind Key { get; init; } = KeyKind.EcdsaP256;

    /// <summary>The extended key usage of servers.</summary>
    public static string ServerUsage => "1.3.6.1.5.5.7.3.1";

    /// <summary>The extended key usage of clients.</summary>
    public static string ClientUsage => "1.3.6.1.5.5.7.3.2";

    /// <summary>A good server certificate for hosts, which may be names, wildcards or addresses.</summary>
    public static Leaf For(params IReadOnlyList<string> hosts) => new()
    {
        Names = [.. hosts.Where(static h => !IPAddress.TryParse(h, out _))],
        Addresses = [.. hosts.Where(static h => IPAddress.TryParse(h, out _)).Select(IPAddress.Parse)],
    };
}
