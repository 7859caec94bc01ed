using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Primitives;

namespace Urllib4.Transport;

/// <summary>What is wrong with a chain, for people.</summary>
internal static class ChainFaults
{
    // About 112 bits of strength, as OpenSSL's security level 2 asks for; the platform's client does not check it (measured).
    private const int LeastRsaBits = 2048;
    private const int LeastCurveBits = 224;

    private const string Rsa = "1.2.840.113549.1.1.1", RsaPss = "1.2.840.113549.1.1.10", Curve = "1.2.840.10045.2.1";

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
            string kind = element.Certificate.GetKeyAlgorithm();
            if (kind is Rsa or RsaPss && RsaBits(element.Certificate.GetPublicKey()) is var bits and < LeastRsaBits)
                return Weak(chain, element, "RSA", bits, LeastRsaBits);
            if (kind is Curve && CurveBits(element.Certificate.GetPublicKey()) is var length and < LeastCurveBits)
                return Weak(chain, element, "elliptic curve", length, LeastCurveBits);
        }

        return null;
    }

    // The length of the modulus (RFC 8017, appendix A.1.1). Read off the bytes: importing the key costs a tenth of a handshake's own work.
    private static int RsaBits(ReadOnlySpan<byte> key)
    {
        try
        {
            AsnDecoder.ReadSequence(key, AsnEncodingRules.DER, out int start, out int length, out _);
            ReadOnlySpan<byte> modulus = AsnDecoder.ReadIntegerBytes(key.Slice(start, length), AsnEncodingRules.DER, out _);
            modulus = modulus.TrimStart((byte)0);
            return modulus.IsEmpty ? 0 : (modulus.Length * 8) - byte.LeadingZeroCount(modulus[0]);
        }
        catch (AsnContentException)
        {
            return 0;
        }
    }

    // The length of a coordinate (RFC 5480, section 2.2): a byte says whether one of them follows, or both.
    private static int CurveBits(ReadOnlySpan<byte> point) => point switch
    {
        [4, .. var both] => both.Length / 2 * 8,
        [2 or 3, .. var one] => one.Length * 8,
        _ => 0,
    };

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
