using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Urllib4.TestKit;

namespace Urllib4.Tests.Policies;

public sealed class TlsOptionsTests : IDisposable
{
    private const string Digits = "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF";
    private readonly CertificateAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void To_name_the_default_is_the_same_as_to_name_none()
    {
        PoolOptions named = new() { Tls = new TlsOptions() };
        Assert.Equal(PoolOptions.Default, named);
        Assert.Equal(TlsOptions.Default, named.Tls);
        Assert.NotEqual(PoolOptions.Default, named with { Tls = new TlsOptions { OfferAlpn = false } });
    }

    [Fact]
    public void A_request_replaces_the_members_that_it_sets_and_no_others()
    {
        using IssuedCertificate me = _authority.Issue(new Leaf { CommonName = "me" });
        var manager = new TlsOptions
        {
            CaCerts = CertificateSet.FromPem(_authority.RootPem),
            Intermediates = new CertificateSet([_authority.Root]),
            ClientCertificate = new ClientCertificate(me.Certificate),
            ServerHostname = "a.test",
            SendServerName = false,
            AssertHostname = "b.test",
            AssertFingerprint = Digits,
            Pins = new PublicKeyPins(PublicKeyPins.Of(_authority.Root), PublicKeyPins.Of(me.Certificate)),
            AdditionalCheck = static _ => null,
            SslMinimumVersion = TlsVersion.Tls13,
            SslMaximumVersion = TlsVersion.Tls13,
            OfferAlpn = false,
            AllowTlsResume = false,
            RevocationMode = X509RevocationMode.Online,
        };

        Assert.Equal(manager, new TlsOptions().Over(manager));
        Assert.Same(manager, manager.Over(TlsOptions.Default));
        TlsOptions empty = new() { CaCerts = CertificateSet.Empty };
        Assert.Equal(manager with { CaCerts = CertificateSet.Empty }, empty.Over(manager));
        Assert.True(new TlsOptions { SendServerName = true }.Over(manager).SendServerName);
        var lax = new TlsOptions { RevocationMode = X509RevocationMode.NoCheck };
        Assert.Equal(X509RevocationMode.NoCheck, lax.Over(manager).RevocationMode);
    }

    [Fact]
    public void A_danger_is_not_inherited()
    {
        var manager = new TlsOptions { DangerousAcceptAnyCertificate = true, DangerousAcceptAnyHostname = true, OfferAlpn = false };

        TlsOptions both = new TlsOptions { SendServerName = false }.Over(manager);

        Assert.False(both.DangerousAcceptAnyCertificate || both.DangerousAcceptAnyHostname || both.OfferAlpn);
    }

    [Fact]
    public void Versions_that_leave_none_together_are_refused()
    {
        var manager = new TlsOptions { SslMinimumVersion = TlsVersion.Tls13 };

        var refused = Assert.Throws<InvalidRequestException>(
            () => new TlsOptions { SslMaximumVersion = TlsVersion.Tls12 }.Over(manager));

        Assert.Contains(nameof(TlsOptions.SslMinimumVersion), refused.Message, StringComparison.Ordinal);
        Assert.Equal(TlsVersion.Tls12, new TlsOptions { SslMinimumVersion = TlsVersion.Tls12 }.Over(manager).SslMinimumVersion);
    }

    [Fact]
    public void Equal_members_make_equal_options_though_every_object_is_another()
    {
        using IssuedCertificate me = _authority.Issue(new Leaf { CommonName = "me" });
        byte[] pfx = me.Certificate.Export(X509ContentType.Pkcs12);
        Func<PeerCertificate, string?> check = static _ => null;

        TlsOptions one = Full(), other = Full();

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, other with { AdditionalCheck = static _ => "no" });

        TlsOptions Full() => new()
        {
            CaCerts = CertificateSet.FromPem(_authority.RootPem),
            Intermediates = new CertificateSet([_authority.Root]),
            ClientCertificate = new ClientCertificate(X509CertificateLoader.LoadPkcs12(pfx, null), new CertificateSet([_authority.Root])),
            ServerHostname = "a.example",
            AssertHostname = "b.example",
            AssertFingerprint = Digits,
            Pins = new PublicKeyPins(Pin(1), Pin(2)),
            AdditionalCheck = check,
            CipherSuites = new CipherSuites(TlsCipherSuite.TLS_AES_128_GCM_SHA256),
        };
    }

    [Fact]
    public void Two_identities_are_two_options_even_with_one_key_or_one_name()
    {
        using IssuedCertificate one = _authority.Issue(new Leaf { CommonName = "me" }), other = _authority.Issue(new Leaf { CommonName = "me" });
        var plain = new ClientCertificate(one.Certificate);

        Assert.NotEqual(plain, new ClientCertificate(other.Certificate));
        Assert.NotEqual(plain, new ClientCertificate(one.Certificate, new CertificateSet([_authority.Root])));
        Assert.Equal(plain, new ClientCertificate(one.Certificate));
    }

    [Fact]
    public void An_identity_needs_its_private_key()
    {
        var e = Assert.Throws<ArgumentException>(() => new ClientCertificate(_authority.Root));
        Assert.Contains("has no private key", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trusting_nobody_is_not_the_same_as_trusting_the_systems_roots() =>
        Assert.NotEqual(TlsOptions.Default, new TlsOptions { CaCerts = new CertificateSet([]) });

    [Theory]
    [InlineData("00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff")]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF")]
    public void A_fingerprint_has_one_form_however_it_is_written(string written) =>
        Assert.Equal(Digits, new TlsOptions { AssertFingerprint = written }.AssertFingerprint);

    [Theory]
    [InlineData("AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99", "MD5")]
    [InlineData("AABBCCDDEEFF00112233445566778899AABBCCDD", "SHA-1")]
    [InlineData("AA:A", "64 hexadecimal digits")]
    [InlineData("", "64 hexadecimal digits")]
    [InlineData("zz112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF", "64 hexadecimal digits")]
    public void A_fingerprint_that_is_no_SHA_256_is_refused_with_the_reason(string fingerprint, string reason)
    {
        var e = Assert.Throws<ArgumentException>(() => new TlsOptions { AssertFingerprint = fingerprint });
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Example.COM.", "example.com")]
    [InlineData("[::1]", "::1")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    public void Names_are_kept_as_certificates_have_them(string given, string kept)
    {
        Assert.Equal(kept, new TlsOptions { AssertHostname = given }.AssertHostname);
        Assert.Equal(kept, new TlsOptions { ServerHostname = given }.ServerHostname);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("example.com:443")]
    public void A_name_that_is_no_host_is_refused(string name)
    {
        Assert.ThrowsAny<LocationValueException>(() => new TlsOptions { AssertHostname = name });
        Assert.ThrowsAny<LocationValueException>(() => new TlsOptions { ServerHostname = name });
    }

    [Fact]
    public void A_version_has_to_be_left()
    {
        Assert.Equal(TlsVersion.Tls12, TlsOptions.Default.SslMinimumVersion);
        Assert.Throws<ArgumentOutOfRangeException>(
            static () => new TlsOptions { SslMinimumVersion = TlsVersion.Tls13, SslMaximumVersion = TlsVersion.Tls12 });
        Assert.Throws<ArgumentOutOfRangeException>(
            static () => new TlsOptions { SslMaximumVersion = TlsVersion.Tls12, SslMinimumVersion = TlsVersion.Tls13 });
    }

    [Fact]
    public void A_pin_needs_a_backup() => Assert.Contains(
        "backup", Assert.Throws<ArgumentException>(static () => new PublicKeyPins(Pin(1), "sha256/" + Pin(1))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("sha256/")]
    [InlineData("sha1/2jmj7l5rSw0yVb/vlWAYkK/YBwk=")]
    [InlineData("2jmj7l5rSw0yVb/vlWAYkK/YBwk=")]
    public void A_pin_is_the_base64_of_a_SHA_256(string pin) => Assert.Throws<ArgumentException>(() => new PublicKeyPins(Pin(1), pin));

    [Fact]
    public void Pins_are_compared_by_what_they_mean()
    {
        Assert.Equal(new PublicKeyPins(Pin(1), Pin(2)), new PublicKeyPins("sha256/" + Pin(2), Pin(1), Pin(1)));
        Assert.NotEqual(new PublicKeyPins(Pin(1), Pin(2)), new PublicKeyPins(Pin(1), Pin(3)));
    }

    [Fact]
    public void A_pin_outlives_the_certificate_it_was_made_of()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 old = Made("CN=old"), renewed = Made("CN=renewed");

        Assert.Equal(PublicKeyPins.Of(old), PublicKeyPins.Of(renewed));
        Assert.NotEqual(PublicKeyPins.Of(old), PublicKeyPins.Of(_authority.Root));

        X509Certificate2 Made(string subject) => new CertificateRequest(subject, key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    [Fact]
    public void Cipher_suites_have_an_order()
    {
        var suites = new CipherSuites(TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384);
        Assert.Equal(suites, new CipherSuites(suites));
        Assert.NotEqual(suites, new CipherSuites(suites.Reverse()));
        Assert.Throws<ArgumentException>(static () => new CipherSuites());
    }

    private static string Pin(byte first) => Convert.ToBase64String([first, .. new byte[31]]);
}
