using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.TestKit;

/// <summary>Each kind of certificate is shown to the platform's own TLS client, and judged by it as it should be.</summary>
public sealed class CertificateAuthorityTests : IDisposable
{
    private readonly CertificateAuthority _authority = new();

    public static TheoryData<string, Leaf, SslPolicyErrors> Leaves => new()
    {
        { "good", Leaf.For("localhost"), SslPolicyErrors.None },
        { "wildcard", Leaf.For("*.example.com", "localhost"), SslPolicyErrors.None },
        { "old RSA key", Leaf.For("localhost") with { Key = KeyKind.Rsa2048 }, SslPolicyErrors.None },
        { "no usages", Leaf.For("localhost") with { Usages = [] }, SslPolicyErrors.None },
        { "other name", Leaf.For("example.com"), SslPolicyErrors.RemoteCertificateNameMismatch },
        { "an address only", Leaf.For("127.0.0.1"), SslPolicyErrors.RemoteCertificateNameMismatch },
        { "client only", Leaf.For("localhost") with { Usages = [Leaf.ClientUsage] }, SslPolicyErrors.RemoteCertificateChainErrors },
        { "expired", Leaf.For("localhost") with { NotAfter = DaysFromNow(-1) }, SslPolicyErrors.RemoteCertificateChainErrors },
        { "not yet", Leaf.For("localhost") with { NotBefore = DaysFromNow(1) }, SslPolicyErrors.RemoteCertificateChainErrors },
    };

    public void Dispose() => _authority.Dispose();

    [Theory, MemberData(nameof(Leaves), DisableDiscoveryEnumeration = true)]
    public async Task A_leaf_is_judged_as_it_deserves(string name, Leaf leaf, SslPolicyErrors errors) =>
        Assert.True(errors == await Judge(_authority.Issue(leaf)), name);

    [Fact]
    public async Task A_chain_needs_its_intermediate()
    {
        using CertificateAuthority intermediate = _authority.Intermediate();
        IssuedCertificate issued = intermediate.Issue("localhost");

        Assert.Single(issued.Intermediates);
        Assert.Equal(SslPolicyErrors.None, await Judge(issued));
        Assert.Equal(SslPolicyErrors.RemoteCertificateChainErrors, await Judge(issued.WithoutIntermediates()));
        Assert.Equal(_authority.RootPem, intermediate.RootPem);
    }

    [Fact]
    public async Task Certificates_of_others_are_not_trusted()
    {
        using var other = new CertificateAuthority();
        Assert.Equal(SslPolicyErrors.RemoteCertificateChainErrors, await Judge(other.Issue("localhost")));
        Assert.Equal(SslPolicyErrors.RemoteCertificateChainErrors, await Judge(CertificateAuthority.SelfSigned(Leaf.For("localhost"))));
    }

    [Fact]
    public async Task A_weak_key_does_not_get_through_a_handshake()
    {
        IssuedCertificate weak = _authority.Issue(Leaf.For("localhost") with { Key = KeyKind.Rsa1024 });
        await Assert.ThrowsAnyAsync<Exception>(() => Judge(weak));
    }

    [Fact]
    public void A_common_name_can_stand_alone()
    {
        using X509Certificate2 certificate = _authority.Issue(new Leaf { CommonName = "localhost" }).Certificate;
        Assert.Equal("CN=localhost", certificate.Subject);
        Assert.Empty(certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>());
    }

    [Fact]
    public void What_is_written_to_files_can_be_read_again()
    {
        using var directory = new TemporaryDirectory();
        using CertificateAuthority intermediate = _authority.Intermediate();
        IssuedCertificate issued = intermediate.Issue("localhost");
        issued.WriteTo(directory.FullName);
        string encrypted = directory.Write("encrypted.pem", issued.EncryptedKeyPem("secret"));
        string certificatePath = Path.Combine(directory.FullName, "cert.pem");

        using var read = X509Certificate2.CreateFromPemFile(certificatePath, Path.Combine(directory.FullName, "key.pem"));
        using var withPassword = X509Certificate2.CreateFromEncryptedPemFile(certificatePath, "secret", encrypted);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(Path.Combine(directory.FullName, "combined.pem"));

        Assert.Equal(issued.Certificate.Thumbprint, read.Thumbprint);
        Assert.True(withPassword.HasPrivateKey);
        Assert.Equal(2, chain.Count);
    }

    [Fact]
    public void The_root_is_handed_out_without_its_key() => Assert.False(_authority.Root.HasPrivateKey);

    private static DateTimeOffset DaysFromNow(int days) => TimeProvider.System.GetUtcNow().AddDays(days);

    private async Task<SslPolicyErrors> Judge(IssuedCertificate shown)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().StartTls(shown).Stall());
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(server.EndPoint);
        SslPolicyErrors verdict = SslPolicyErrors.None;
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.None,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _authority.Root },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
            RemoteCertificateValidationCallback = (_, _, _, errors) =>
            {
                verdict = errors;
                return true;
            },
        });
        return verdict;
    }
}
