using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Urllib4.TestKit;
using Urllib4.Transport;

namespace Urllib4.Tests.Transport;

/// <summary>What no server of the platform can be made to show; the rest is judged on sockets.</summary>
public sealed class CertificateCheckTests : IDisposable
{
    private readonly CertificateAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(KeyKind.Rsa1024, false)]
    [InlineData(KeyKind.Rsa2048, true)]
    [InlineData(KeyKind.EcdsaP256, true)]
    public void A_key_may_not_be_too_short(KeyKind key, bool isAccepted)
    {
        CertificateException? refusal = Judge(Leaf.For("localhost") with { Key = key }, Trusting);
        Assert.Equal(isAccepted, refusal is null);
        if (refusal is null)
            return;
        Assert.Equal(CertificateFailure.Key, refusal.Failure);
        Assert.Contains("it has an RSA key of 1024 bits, and 2048 are the least", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TL_12_a_chain_fault_refuses_though_the_platform_did_not_say_so()
    {
        using X509Certificate2 certificate = CertificateAuthority.SelfSigned(Leaf.For("localhost")).Certificate;
        var check = new CertificateCheck(Trusting, "localhost");
        using var chain = new X509Chain { ChainPolicy = check.ChainPolicy() };
        Assert.False(chain.Build(certificate));

        var refusal = Assert.Throws<CertificateException>(() => check.Verify(certificate, chain, SslPolicyErrors.None));

        Assert.Equal(CertificateFailure.Chain, refusal.Failure);
    }

    [Fact]
    public void No_certificate_is_no_proof()
    {
        var check = new CertificateCheck(Trusting with { DangerousAcceptAnyCertificate = true }, "localhost");
        var refusal = Assert.Throws<CertificateException>(
            () => check.Verify(null, null, SslPolicyErrors.RemoteCertificateNotAvailable));
        Assert.Null(refusal.Certificate);
        Assert.Equal("'localhost' showed no certificate.", refusal.Message);
    }

    [Fact]
    public void An_expired_certificate_of_an_unknown_root_is_first_of_all_not_trusted()
    {
        using var other = new CertificateAuthority("somebody else");
        CertificateException? refusal = Judge(
            Leaf.For("localhost") with { NotAfter = TimeProvider.System.GetUtcNow().AddDays(-1) }, Trusting with { CaCerts = new([other.Root]) });
        Assert.Equal(CertificateFailure.Chain, refusal?.Failure);
        Assert.Contains("expired on", refusal?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rules_never_lead_to_the_network_unless_revocation_does()
    {
        X509ChainPolicy policy = new CertificateCheck(TlsOptions.Default, "localhost").ChainPolicy();
        Assert.True(policy.DisableCertificateDownloads);
        Assert.Equal(X509RevocationMode.NoCheck, policy.RevocationMode);
        Assert.Equal(X509ChainTrustMode.System, policy.TrustMode);

        X509ChainPolicy strict = new CertificateCheck(Trusting with { RevocationMode = X509RevocationMode.Online }, "localhost").ChainPolicy();
        Assert.True(strict.DisableCertificateDownloads);
        Assert.Equal(X509RevocationMode.Online, strict.RevocationMode);
        Assert.Equal(X509ChainTrustMode.CustomRootTrust, strict.TrustMode);
    }

    [Fact]
    public void TL_06_a_certificate_that_is_only_sent_along_fulfils_no_pin()
    {
        using var pinned = new CertificateAuthority("pinned");
        string spare = Convert.ToBase64String(new byte[32]);
        TlsOptions options = Trusting with { Pins = new PublicKeyPins(spare, PublicKeyPins.Of(pinned.Root)) };

        // The platform keeps what the server sent in the extra store, whether it is of use for the chain or not.
        CertificateException? refusal = Judge(Leaf.For("localhost"), options, pinned.Root);

        Assert.Equal(CertificateFailure.Pin, refusal?.Failure);
        Assert.Null(Judge(Leaf.For("localhost"), options with { Pins = new PublicKeyPins(spare, PublicKeyPins.Of(_authority.Root)) }));
    }

    [Fact]
    public void Text_of_a_certificate_is_shown_escaped_and_cut()
    {
        CertificateException? refusal = Judge(new Leaf { CommonName = "a\nb" + new string('c', 40) }, Trusting);
        Assert.Equal(CertificateFailure.Name, refusal?.Failure);
        Assert.DoesNotContain('\n', refusal!.Message);
    }

    private TlsOptions Trusting => new() { CaCerts = new CertificateSet([_authority.Root]) };

    private CertificateException? Judge(Leaf leaf, TlsOptions options, params X509Certificate2[] sentAlong)
    {
        using X509Certificate2 certificate = _authority.Issue(leaf).Certificate;
        var check = new CertificateCheck(options, "localhost");
        using var chain = new X509Chain { ChainPolicy = check.ChainPolicy() };
        chain.ChainPolicy.ExtraStore.AddRange(sentAlong);
        SslPolicyErrors errors = chain.Build(certificate) ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors;
        return Record.Exception(() => check.Verify(certificate, chain, errors)) as CertificateException;
    }
}
