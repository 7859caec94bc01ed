namespace Urllib4;

/// <summary>
/// The TLS handshake failed, the peer's certificate was refused, or the peer ended TLS with an alert; urllib3's <c>SSLError</c>.
/// </summary>
/// <remarks>
/// Nothing of the request had been sent, unless <see cref="HttpException.ServerMayHaveActed"/> says otherwise: with TLS 1.3 a server judges
/// the certificate of this side when the handshake is over here. Such an error is not retried.
/// </remarks>
public class TlsException : HttpException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">Which check failed for which host, with what the certificate says.</param>
    /// <param name="initiator">Whose doing it was.</param>
    /// <param name="innerException">What the platform said, if anything.</param>
    public TlsException(string message, Initiator initiator = Initiator.Server, Exception? innerException = null)
        : base(message, HttpPhase.Tls, initiator, innerException)
    {
    }

    /// <summary>Whether the peer did not agree to the only version of HTTP that was offered.</summary>
    internal bool IsAboutVersion { get; init; }
}
