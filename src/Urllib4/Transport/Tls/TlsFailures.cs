using System.Net.Security;

namespace Urllib4.Transport;

/// <summary>
/// What the platform throws when TLS fails, in the words of this library: what happened, whose doing it was, which option helps.
/// </summary>
/// <param name="options">The options in force.</param>
/// <param name="host">The host of the connection.</param>
/// <param name="proxy">What messages call the other side when it is a proxy; else null.</param>
internal sealed class TlsFailures(TlsOptions options, string host, string? proxy)
{
    private readonly string _peer = proxy ?? $"'{host}'";

    private readonly string _optionsName =
        proxy is null ? nameof(TlsOptions) : $"{nameof(ProxyOptions)}.{nameof(ProxyOptions.Tls)}";

    /// <summary>The other side, as the beginning of a sentence.</summary>
    public string Peer => string.Concat(char.ToUpperInvariant(_peer[0]).ToString(), _peer.AsSpan(1));

    /// <summary>Whether the engine may begin another handshake whenever it is asked to.</summary>
    public required bool MayRenegotiate { get; init; }

    /// <summary>
    /// What a connection failed of after its handshake, when the other side ended it with an alert or wanted another handshake; null when
    /// it broke otherwise. A server of TLS 1.3 judges the certificate of this side only then.
    /// </summary>
    public TlsException? AfterHandshake(Exception failure)
    {
        if (TlsAlert.In(failure) is { } alert)
            return Ended(alert, failure);
        // The platform has no type for this, but the message names its option.
        const string Refusal = nameof(SslClientAuthenticationOptions.AllowRenegotiation);
        return failure is IOException && failure.Message.Contains(Refusal, StringComparison.Ordinal)
            ? new TlsException(
                $"{Peer} wants to negotiate TLS anew, as servers do that ask for a certificate for some paths only. "
                + $"{_optionsName}.{nameof(TlsOptions.AllowRenegotiation)} allows it.",
                Initiator.Server,
                failure)
            : null;
    }

    /// <summary>What a handshake failed of.</summary>
    /// <param name="failure">What the platform threw.</param>
    /// <param name="otherProtocol">What came when it was no TLS, ready to be shown; else null.</param>
    public TlsException OfHandshake(Exception failure, string? otherProtocol) => failure switch
    {
        _ when otherProtocol?.StartsWith("HTTP/", StringComparison.Ordinal) == true => new TlsException(
            $"{Peer} speaks plain HTTP on this port and not TLS: it answered '{otherProtocol}'. The URL for it begins with http://.",
            Initiator.Server,
            failure),
        _ when otherProtocol is not null => new TlsException(
            $"{Peer} does not speak TLS on this port: it began with '{otherProtocol}'.", Initiator.Server, failure),
        TlsException own => own,
        _ when TlsAlert.In(failure) is { } alert => Ended(alert, failure),
        IOException => new TlsException($"The connection to {_peer} ended during the TLS handshake.", Initiator.Network, failure)
        {
            IsTransient = true,
        },
        _ => new TlsException(
            $"The TLS handshake with {_peer} failed: {failure.GetBaseException().Message} (accepted are {AcceptedVersions}).",
            Initiator.Server,
            failure),
    };

    private string AcceptedVersions => (options.SslMinimumVersion, options.SslMaximumVersion) switch
    {
        (TlsVersion.Tls12, TlsVersion.Tls12) => "TLS 1.2 only",
        (TlsVersion.Tls12, _) => "TLS 1.2 and later",
        _ => "TLS 1.3 only",
    };

    private TlsException Ended(TlsAlert alert, Exception failure) => new(
        $"{Peer} ended TLS with the alert {alert}{alert.Advice(options, _optionsName)}"
            + (alert.Number == TlsAlert.ProtocolVersion ? $" (accepted are {AcceptedVersions})." : "."),
        Initiator.Server,
        failure);
}
