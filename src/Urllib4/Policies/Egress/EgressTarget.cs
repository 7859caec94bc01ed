using System.Net;

namespace Urllib4;

/// <summary>Where a request wants to go, as <see cref="EgressPolicy.Check"/> is told of it.</summary>
/// <param name="Scheme">http or https.</param>
/// <param name="Host">
/// The host of the URL: lower case, ASCII, with the trailing dot it was written with, an IPv6 address without brackets.
/// </param>
/// <param name="Port">The port: that of the URL, or the one that is about to be dialed where a resolver gave another.</param>
/// <param name="Address">
/// The address that is about to be dialed, or that the URL names; null while only the name is known, which is all that is ever known here
/// where a proxy resolves it.
/// </param>
/// <remarks>Immutable, so safe to share between threads.</remarks>
public sealed record EgressTarget(string Scheme, string Host, int Port, IPAddress? Address)
{
    /// <summary>Host, port and address.</summary>
    /// <returns>For example <c>example.com:443 at 192.0.2.1</c>.</returns>
    public override string ToString() => EgressRefusedException.Place(Host, Port, Address);
}
