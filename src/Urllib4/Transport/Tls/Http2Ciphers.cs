using System.Net.Security;
using System.Security.Authentication;

namespace Urllib4.Transport;

/// <summary>
/// Which cipher suites of TLS 1.2 HTTP/2 may be spoken over (RFC 9113, section 9.2.2): those whose keys are gone with the connection, and
/// that encrypt and authenticate in one. All of TLS 1.3 are such.
/// </summary>
internal static class Http2Ciphers
{
    /// <exception cref="TlsException">The suite is none of them.</exception>
    public static void Check(SslStream stream, string peer)
    {
#pragma warning disable CA5398 // asked what was chosen, not told what to choose
        bool isTls13 = stream.SslProtocol == SslProtocols.Tls13;
#pragma warning restore CA5398
        if (isTls13 || IsAllowed(stream.NegotiatedCipherSuite))
            return;
        throw new TlsException(
            $"{peer} chose {stream.NegotiatedCipherSuite}, which HTTP/2 must not be spoken over (RFC 9113, section 9.2.2).");
    }

    /// <summary>Whether a suite of TLS 1.2 may carry HTTP/2.</summary>
    public static bool IsAllowed(TlsCipherSuite suite)
    {
        string name = suite.ToString();
        bool isEphemeral = name.StartsWith("TLS_ECDHE_", StringComparison.Ordinal) || name.StartsWith("TLS_DHE_", StringComparison.Ordinal);
        return isEphemeral && (name.Contains("_GCM_", StringComparison.Ordinal) || name.Contains("_CCM", StringComparison.Ordinal)
            || name.Contains("_CHACHA20_", StringComparison.Ordinal));
    }
}
