using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Urllib4.TestKit;

/// <summary>An authority that lives as long as a test: it issues good certificates and every kind of bad one.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly CertificateAuthority? _parent;

    /// <summary>Founds an authority of its own right.</summary>
    /// <param name="name">Its common name.</param>
    public CertificateAuthority(string name = "Urllib4 test root")
        : this(name, null, null)
    {
    }

    private CertificateAuthority(string name, CertificateAuthority? parent, DateTimeOffset? notAfter)
    {
        _parent = parent;
        var subject = new Leaf { CommonName = name, Usages = [], NotAfter = notAfter };
        _certificate = Make(subject, parent?._certificate, isAuthority: true);
    }

    /// <summary>The certificate of the root, without its private key: what a client has to trust.</summary>
    public X509Certificate2 Root => _parent is null ? X509CertificateLoader.LoadCertificate(_certificate.RawData) : _parent.Root;

    /// <summary>The certificate of the root in PEM.</summary>
    public string RootPem => _parent is null ? _certificate.ExportCertificatePem() : _parent.RootPem;

    /// <summary>A certificate that its own key signed.</summary>
    public static IssuedCertificate SelfSigned(Leaf leaf) => new(Make(leaf, null, isAuthority: false), []);

    /// <summary>Founds an authority below this one, for as long as this one lives or until a moment.</summary>
    public CertificateAuthority Intermediate(string name = "Urllib4 test intermediate", DateTimeOffset? notAfter = null) =>
        new(name, this, notAfter);

    /// <summary>Issues a certificate.</summary>
    public IssuedCertificate Issue(Leaf leaf) => new(Make(leaf, _certificate, isAuthority: false), Chain());

    /// <summary>Issues a good server certificate for hosts, which may be names, wildcards or addresses.</summary>
    public IssuedCertificate Issue(params IReadOnlyList<string> hosts) => Issue(Leaf.For(hosts));

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private static X509Certificate2 Make(Leaf leaf, X509Certificate2? issuer, bool isAuthority)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using AsymmetricAlgorithm key = NewKey(leaf.Key);
        CertificateRequest request = Request(leaf, key, isAuthority);
        DateTimeOffset notBefore = leaf.NotBefore ?? now.AddDays(-180);
        DateTimeOffset notAfter = leaf.NotAfter ?? now.AddDays(180);
        if (issuer is null)
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(KeyIdentifier(request)));
            return Exportable(request.CreateSelfSigned(notBefore, notAfter));
        }

        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        using ECDsa issuerKey = issuer.GetECDsaPrivateKey()
            ?? throw new InvalidOperationException("Authorities sign with elliptic curves.");
        X509Certificate2 signed = request.Create(
            issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), notBefore, notAfter, RandomNumberGenerator.GetBytes(12));
        return Exportable(key is ECDsa ec ? signed.CopyWithPrivateKey(ec) : signed.CopyWithPrivateKey((RSA)key));
    }

    private static CertificateRequest Request(Leaf leaf, AsymmetricAlgorithm key, bool isAuthority)
    {
        var subject = new X500DistinguishedName($"CN={leaf.CommonName}");
        CertificateRequest request = key is ECDsa ec
            ? new(subject, ec, HashAlgorithmName.SHA256)
            : new(subject, (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            isAuthority ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (leaf.Usages.Count > 0)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. leaf.Usages.Select(static u => new Oid(u))], false));
        if (leaf.Names.Count + leaf.Addresses.Count > 0)
            request.CertificateExtensions.Add(AlternativeNames(leaf));
        return request;
    }

    private static X509Extension AlternativeNames(Leaf leaf)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (string name in leaf.Names)
            names.AddDnsName(name);
        foreach (System.Net.IPAddress address in leaf.Addresses)
            names.AddIpAddress(address);
        return names.Build();
    }

    private static X509SubjectKeyIdentifierExtension KeyIdentifier(CertificateRequest request) =>
        request.CertificateExtensions.OfType<X509SubjectKeyIdentifierExtension>().Single();

    private static AsymmetricAlgorithm NewKey(KeyKind kind) => kind switch
    {
        KeyKind.EcdsaP256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        KeyKind.Rsa2048 => RSA.Create(2048),
        KeyKind.Rsa1024 => RSA.Create(1024),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    // A key that was made in memory only cannot be used by TLS servers on every platform; one that came out of a file can.
    private static X509Certificate2 Exportable(X509Certificate2 certificate)
    {
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private X509Certificate2Collection Chain()
    {
        var chain = new X509Certificate2Collection();
        for (CertificateAuthority authority = this; authority._parent is not null; authority = authority._parent)
            chain.Add(X509CertificateLoader.LoadCertificate(authority._certificate.RawData));
        return chain;
    }
}
