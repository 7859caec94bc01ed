using System.Globalization;
using System.Net;

namespace Urllib4;

/// <summary>
/// The <c>EgressPolicy</c> of the request or of its manager forbids where the request was to go. Not a byte was sent there; trying again
/// changes nothing, so nothing is tried again.
/// </summary>
public sealed class EgressRefusedException : HttpException
{
    /// <summary>Creates the error.</summary>
    /// <param name="host">The host of the URL.</param>
    /// <param name="port">The port that was to be dialed.</param>
    /// <param name="address">The address that was to be dialed; null when the name was refused, or no address of it is known.</param>
    /// <param name="rule">The rule that forbids it, as a sentence without its capital and its full stop.</param>
    /// <param name="innerException">What the policy threw, if it did.</param>
    public EgressRefusedException(string host, int port, IPAddress? address, string rule, Exception? innerException = null)
        : base(
            $"The egress policy forbids {Place(host, port, address)}: {rule}.",
            HttpPhase.Connect,
            Initiator.Us,
            innerException)
    {
        Host = host;
        Port = port;
        Address = address;
        Rule = rule;
    }

    /// <summary>The host of the URL, as it is resolved.</summary>
    public string Host { get; }

    /// <summary>The port that was to be dialed.</summary>
    public int Port { get; }

    /// <summary>
    /// The address that was to be dialed: the first, when each of several was refused. Null when the name was refused, or no address of it
    /// is known on this side.
    /// </summary>
    public IPAddress? Address { get; }

    /// <summary>
    /// The rule that forbids it, for example <c>10.0.0.1 is in 10.0.0.0/8 (private use, RFC 1918)</c> or
    /// <c>port 22 is not among AllowedPorts</c>.
    /// </summary>
    public string Rule { get; }

    /// <summary>Host, port and address as one text; an address that is the host is not told twice.</summary>
    internal static string Place(string host, int port, IPAddress? address)
    {
        ArgumentNullException.ThrowIfNull(host);
        bool isIPv6 = host.Contains(':', StringComparison.Ordinal);
        string place = string.Create(CultureInfo.InvariantCulture, $"{(isIPv6 ? $"[{host}]" : host)}:{port}");
        return address is null || address.ToString() == host ? place : $"{place} at {address}";
    }
}
