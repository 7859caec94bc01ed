using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Primitives;

namespace Urllib4.Transport;

/// <summary>What is wrong with a chain, for people.</summary>
internal static class ChainFaults
{
    // About 112 bits of strength, as OpenSSL's security level 2 asks for; the platform's client does not check it (measured).
    private const int LeastRsaBits = 2048;
    private const int LeastCurveBits = 224;

    /// <summary>The kind of the worst fault, and all of them in words.</summary>
    public static CertificateFailure Describe(X509Chain chain, out string reason)
    {
        var all = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in chain.ChainStatus)
            all |= status.Status;
        reason = string.Join("; ", chain.ChainStatus.Select(status => Describe(status.Status, chain)).Distinct());
        if (reason.Length == 0)
            reason = NoChain(chain);
        const X509ChainStatusFlags Revocation =
            X509ChainStatusFlags.Revoked | X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;
        // A date is named as the fault only when nothing else is: with a wrong chain it says nothing about the server.
        return all switch
        {
            X509ChainStatusFlags.NotTimeValid => CertificateFailure.Date,
            X509ChainStatusFlags.NotValidForUsage => CertificateFailure.Usage,
            not X509ChainStatusFlags.NoError when (all & ~Revocation) == 0 => CertificateFailure.Revocation,
            _ => CertificateFailure.Chain,
        };
    }

    /// <summary>The first key of the chain that is too short, in words, or null.</summary>
    public static string? WeakKey(X509Chain chain)
    {
        foreach (X509ChainElement element in chain.ChainElements)
        {
            using RSA? rsa = element.Certificate.GetRSAPublicKey();
            using ECDsa? curve = rsa is null ? element.Certificate.GetECDsaPublicKey() : null;
            if (rsa?.KeySize < LeastRsaBits)
                return Weak(chain, element, "RSA", rsa.KeySize, LeastRsaBits);
            if (curve?.KeySize < LeastCurveBits)
                return Weak(chain, element, "elliptic curve", curve.KeySize, LeastCurveBits);
        }

        return null;
    }

    private static string Weak(X509Chain chain, X509ChainElement element, string kind, int bits, int least) => string.Create(
        CultureInfo.InvariantCulture, $"{Which(chain, element)} has an {kind} key of {bits} bits, and {least} are the least");

    private static string Describe(X509ChainStatusFlags flag, X509Chain chain) => flag switch
    {
        X509ChainStatusFlags.UntrustedRoot when chain.ChainElements.Count == 1 => "it is self-signed, and not among the trusted roots",
        X509ChainStatusFlags.UntrustedRoot => $"its root '{Escaping.Show(Last(chain).Subject)}' is not among those that are trusted",
        X509ChainStatusFlags.PartialChain => NoChain(chain),
        X509ChainStatusFlags.NotTimeValid => Time(chain),
        X509ChainStatusFlags.NotValidForUsage => "it is not meant for servers",
        X509ChainStatusFlags.NotSignatureValid => "a signature in its chain does not fit",
        X509ChainStatusFlags.Revoked => "it, or one above it, was revoked by its issuer",
        X509ChainStatusFlags.RevocationStatusUnknown => "whether it was revoked cannot be found out",
        X509ChainStatusFlags.OfflineRevocation => "no list of revoked certificates is at hand",
        _ => $"the chain has the fault {flag}",
    };

    private static string NoChain(X509Chain chain)
    {
        string issuer = chain.ChainElements.Count > 0 ? $" '{Escaping.Show(Last(chain).Issuer)}'" : "";
        return $"no chain to a trusted root can be built, since the issuer{issuer} is neither among the trusted roots, nor did the server "
            + "send its certificate; an intermediate may be missing, or the system may have no roots installed";
    }

    private static string Time(X509Chain chain)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        foreach (X509ChainElement element in chain.ChainElements)
        {
            DateTimeOffset from = element.Certificate.NotBefore, to = element.Certificate.NotAfter;
            if (now > to)
                return string.Create(CultureInfo.InvariantCulture, $"{Which(chain, element)} expired on {to.UtcDateTime:u}");
            if (now < from)
                return string.Create(CultureInfo.InvariantCulture, $"{Which(chain, element)} is not valid before {from.UtcDateTime:u}");
        }

        return "it, or one above it, is expired or not valid yet";
    }

    private static string Which(X509Chain chain, X509ChainElement element) => ReferenceEquals(element, chain.ChainElements[0])
        ? "it"
        : $"the certificate of '{Escaping.Show(element.Certificate.Subject)}' above it";

    private static X509Certificate2 Last(X509Chain chain) => chain.ChainElements[^1].Certificate;
}
