using System.Security.Cryptography.X509Certificates;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>What is accepted, and what options change about it.</summary>
public sealed class TlsTrustTests : TlsClientTests
{
    private const string OtherPin = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private readonly CertificateAuthority _intermediate;

    public TlsTrustTests() => _intermediate = Authority.Intermediate();

    [Theory]
    [InlineData(Mode.Blocking, "localhost", "localhost", "localhost")]
    [InlineData(Mode.Asynchronous, "localhost", "localhost", "localhost")]
    [InlineData(Mode.Asynchronous, "LOCALHOST", "localhost", "localhost")]
    [InlineData(Mode.Asynchronous, "127.0.0.1", "127.0.0.1", "")]
    [InlineData(Mode.Asynchronous, "*.example.com", "www.example.com", "www.example.com")]
    [InlineData(Mode.Asynchronous, "www.example.com", "WWW.example.com.", "www.example.com")]
    public async Task A_certificate_made_out_to_the_host_is_accepted(Mode mode, string name, string host, string asked)
    {
        using IssuedCertificate certificate = Authority.Issue(name);
        await using MisbehavingServer server = Showing(certificate);

        UrllibResponse response = await Ask(mode, server, Trusting, host);

        Assert.Equal(200, response.Status);
        Assert.Equal([asked], server.ServerNames);
        TlsConnectionInfo tls = Assert.IsType<TlsConnectionInfo>(response.Connection.Tls);
        Assert.True(tls.IsVerified);
        Assert.Equal(asked.Length == 0 ? null : asked, tls.ServerName);
        Assert.Equal(certificate.Certificate.RawData, tls.PeerCertificate.Der.ToArray());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_international_name_is_asked_for_and_found_in_its_ASCII_form(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("xn--bcher-kva.example");
        await using MisbehavingServer server = Showing(certificate);
        using PoolManager http = Client(server, Trusting, "xn--bcher-kva.example");

        UrllibResponse response = await Send(mode, http, "GET", $"https://bücher.example:{server.Port}/");

        Assert.Equal("xn--bcher-kva.example", response.Connection.Tls!.ServerName);
        Assert.Equal(["xn--bcher-kva.example"], response.Connection.Tls.PeerCertificate.Names);
        Assert.Equal(["bücher.example"], server.ServerNames); // as the platform's server shows what it was sent
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_intermediate_may_come_from_the_server_or_from_the_options_or_from_the_roots(Mode mode)
    {
        using IssuedCertificate certificate = _intermediate.Issue("localhost");
        await using MisbehavingServer complete = Showing(certificate), incomplete = Showing(certificate.WithoutIntermediates());
        var extra = new CertificateSet(certificate.Intermediates);

        Assert.Equal(200, (await Ask(mode, complete, Trusting)).Status);
        Assert.Equal(200, (await Ask(mode, incomplete, Trusting with { Intermediates = extra })).Status);
        Assert.Equal(200, (await Ask(mode, incomplete, Trusting with { CaCerts = new([Authority.Root, .. extra]) })).Status);
        await using MisbehavingServer again = Showing(certificate);
        await AssertRefused(mode, again, new TlsOptions { CaCerts = extra }, CertificateFailure.Chain, "");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Anything_is_accepted_when_that_is_asked_for_and_it_shows(Mode mode)
    {
        using IssuedCertificate certificate = CertificateAuthority.SelfSigned(
            Leaf.For("example.com") with { NotAfter = TimeProvider.System.GetUtcNow().AddDays(-1) });
        await using MisbehavingServer server = Showing(certificate);

        UrllibResponse response = await Ask(mode, server, new TlsOptions { DangerousAcceptAnyCertificate = true });

        Assert.False(response.Connection.Tls!.IsVerified);
        Assert.Equal("CN=Urllib4 test", response.Connection.Tls.PeerCertificate.Subject);
        Assert.Equal(["example.com"], response.Connection.Tls.PeerCertificate.Names);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PK_01_what_was_accepted_unverified_is_verified_for_whoever_asks_for_that(Mode mode)
    {
        using IssuedCertificate certificate = CertificateAuthority.SelfSigned(Leaf.For("localhost"));
        await using MisbehavingServer server = Showing(certificate);
        using PoolManager http = Client(server, Trusting);
        var careless = new RequestOptions { Tls = Trusting with { DangerousAcceptAnyCertificate = true } };

        await Send(mode, http, "GET", server.SecureUrl, careless);
        await Fails<CertificateException>(Send(mode, http, "GET", server.SecureUrl));
        UrllibResponse again = await Send(mode, http, "GET", server.SecureUrl, careless);

        Assert.Equal(1, again.Connection.RequestsServed);
        Assert.Equal(2, server.Connections);
        Assert.Equal(2, http.Pools.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_name_to_find_may_be_another_or_any(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("www.example.com", "10.0.0.1");
        await using MisbehavingServer server = Showing(certificate);
        Assert.Equal(200, (await Ask(mode, server, Trusting with { AssertHostname = "WWW.example.com." })).Status);
        Assert.Equal(200, (await Ask(mode, server, Trusting with { AssertHostname = "10.0.0.1" })).Status);
        UrllibResponse any = await Ask(mode, server, Trusting with { DangerousAcceptAnyHostname = true });
        Assert.True(any.Connection.Tls!.IsVerified);
        Assert.Equal(["localhost", "localhost", "localhost"], server.ServerNames);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_name_to_find_is_looked_for_even_if_the_host_is_there(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("localhost");
        await using MisbehavingServer server = Showing(certificate);
        await AssertRefused(mode, server, Trusting with { AssertHostname = "example.com" }, CertificateFailure.Name, "of 'localhost' is not made out to 'example.com'");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Any_name_does_not_mean_any_chain(Mode mode)
    {
        using IssuedCertificate certificate = CertificateAuthority.SelfSigned(Leaf.For("localhost"));
        await using MisbehavingServer server = Showing(certificate);
        await AssertRefused(mode, server, Trusting with { DangerousAcceptAnyHostname = true }, CertificateFailure.Chain, "it is self-signed");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_name_to_ask_for_is_found_too_unless_another_is_given(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("a.example.com", "b.example.com");
        await using MisbehavingServer server = Showing(certificate);
        TlsOptions asking = Trusting with { ServerHostname = "a.example.com" };

        Assert.Equal(200, (await Ask(mode, server, asking)).Status);
        Assert.Equal(200, (await Ask(mode, server, asking with { ServerHostname = "c.example.com", AssertHostname = "b.example.com" })).Status);
        Assert.Equal(200, (await Ask(mode, server, asking with { SendServerName = false })).Status);

        Assert.Equal(["a.example.com", "c.example.com", ""], server.ServerNames);
        await using MisbehavingServer other = Showing(certificate);
        await AssertRefused(mode, other, asking with { ServerHostname = "c.example.com" }, CertificateFailure.Name, "not made out to 'c.example.com'");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Without_a_name_asked_for_the_name_is_verified_all_the_same(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("example.com");
        await using MisbehavingServer server = Showing(certificate);
        await AssertRefused(mode, server, Trusting with { SendServerName = false }, CertificateFailure.Name, "not made out to 'localhost'");
        Assert.Equal([""], server.ServerNames);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_fingerprint_names_one_certificate_whatever_it_is_made_out_to(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("example.com"), other = Authority.Issue("localhost");
        await using MisbehavingServer server = Showing(certificate), impostor = Showing(other), strict = Showing(certificate);
        string fingerprint = CertificateFacts.Of(certificate.Certificate).Fingerprint;
        TlsOptions options = Trusting with { AssertFingerprint = fingerprint.ToLowerInvariant() };

        Assert.Equal(200, (await Ask(mode, server, options)).Status);
        await AssertRefused(mode, impostor, options, CertificateFailure.Fingerprint, $"{fingerprint} is asked for, and it has");
        await AssertRefused(mode, strict, options with { AssertHostname = "localhost" }, CertificateFailure.Name, "not made out to 'localhost'");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_fingerprint_does_not_stand_for_a_chain_unless_chains_do_not_matter(Mode mode)
    {
        using IssuedCertificate certificate = CertificateAuthority.SelfSigned(Leaf.For("localhost"));
        await using MisbehavingServer one = Showing(certificate), two = Showing(certificate), three = Showing(certificate);
        TlsOptions options = Trusting with { AssertFingerprint = CertificateFacts.Of(certificate.Certificate).Fingerprint };

        await AssertRefused(mode, one, options, CertificateFailure.Chain, "it is self-signed");
        UrllibResponse response = await Ask(mode, two, options with { DangerousAcceptAnyCertificate = true });
        Assert.True(response.Connection.Tls!.IsVerified);
        TlsOptions other = options with { DangerousAcceptAnyCertificate = true, AssertFingerprint = new string('0', 64) };
        await AssertRefused(mode, three, other, CertificateFailure.Fingerprint, "is another one");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pin_may_be_anywhere_in_the_chain(Mode mode)
    {
        using IssuedCertificate certificate = _intermediate.Issue("localhost");
        await using MisbehavingServer server = Showing(certificate);
        foreach (X509Certificate2 pinned in new[] { certificate.Certificate, certificate.Intermediates[0], Authority.Root })
            Assert.Equal(200, (await Ask(mode, server, Trusting with { Pins = new(OtherPin, PublicKeyPins.Of(pinned)) })).Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pin_of_nobody_in_the_chain_refuses(Mode mode)
    {
        using var pinned = new CertificateAuthority("pinned");
        using IssuedCertificate certificate = _intermediate.Issue("localhost");
        await using MisbehavingServer server = Showing(certificate);
        TlsOptions options = Trusting with { Pins = new(OtherPin, PublicKeyPins.Of(pinned.Root)) };
        await AssertRefused(mode, server, options, CertificateFailure.Pin, $"the certificate's own is {PublicKeyPins.Of(certificate.Certificate)}");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Without_verification_only_the_servers_own_key_can_be_pinned(Mode mode)
    {
        using IssuedCertificate certificate = _intermediate.Issue("localhost");
        await using MisbehavingServer one = Showing(certificate), two = Showing(certificate);
        TlsOptions options = Trusting with { DangerousAcceptAnyCertificate = true };

        UrllibResponse response = await Ask(mode, one, options with { Pins = new(OtherPin, PublicKeyPins.Of(certificate.Certificate)) });
        Assert.True(response.Connection.Tls!.IsVerified);
        await AssertRefused(mode, two, options with { Pins = new(OtherPin, PublicKeyPins.Of(Authority.Root)) }, CertificateFailure.Pin, "No key");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_condition_of_the_callers_own_is_added_to_the_others(Mode mode)
    {
        using IssuedCertificate certificate = _intermediate.Issue("localhost");
        await using MisbehavingServer good = Showing(certificate), bad = Showing(certificate), broken = Showing(certificate);
        var seen = new List<string>();

        await Ask(mode, good, Trusting with
        {
            AdditionalCheck = peer =>
            {
                seen.Add($"{peer.Host} {peer.Certificate.Subject} {peer.Chain.Count}");
                return null;
            },
        });
        await AssertRefused(mode, bad, Trusting with { AdditionalCheck = static _ => "not on a Sunday" }, CertificateFailure.Condition, "AdditionalCheck: not on a Sunday");
        TlsOptions throwing = Trusting with { AdditionalCheck = static _ => throw new InvalidOperationException("oh no") };
        CertificateException e = await AssertRefused(mode, broken, throwing, CertificateFailure.Condition, "oh no");

        Assert.Equal(["localhost CN=Urllib4 test 3"], seen);
        Assert.Equal(Initiator.Us, e.Initiator);
        Assert.IsType<InvalidOperationException>(e.InnerException);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_condition_cannot_accept_what_a_check_refuses(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("example.com");
        await using MisbehavingServer server = Showing(certificate);
        bool asked = false;
        TlsOptions options = Trusting with
        {
            AdditionalCheck = _ =>
            {
                asked = true;
                return null;
            },
        };
        await AssertRefused(mode, server, options, CertificateFailure.Name, "not made out to");
        Assert.False(asked);
    }
}
