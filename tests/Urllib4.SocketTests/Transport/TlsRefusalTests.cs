using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>Bad certificates, each refused with its own sentence.</summary>
public sealed class TlsRefusalTests : TlsClientTests
{
    private static readonly DateTimeOffset Yesterday = TimeProvider.System.GetUtcNow().AddDays(-1), Tomorrow = Yesterday.AddDays(2);

    public static MatrixTheoryData<Mode, string> Kinds => new(Enum.GetValues<Mode>(), Bad.Keys.ToArray());

    private static readonly Dictionary<string, (Func<CertificateAuthority, IssuedCertificate> Certificate, CertificateFailure Failure, string Sentence, string Host)> Bad = new()
    {
        ["expired"] = (static a => a.Issue(Leaf.For("localhost") with { NotAfter = Yesterday }),
            CertificateFailure.Date, $"refused: it expired on {Yesterday.UtcDateTime:u}", "localhost"),
        ["not valid yet"] = (static a => a.Issue(Leaf.For("localhost") with { NotBefore = Tomorrow }),
            CertificateFailure.Date, $"refused: it is not valid before {Tomorrow.UtcDateTime:u}", "localhost"),
        ["expired intermediate"] = (static a => a.Intermediate("old one", Yesterday).Issue(Leaf.For("localhost") with { NotAfter = Tomorrow }),
            CertificateFailure.Date, "refused: the certificate of 'CN=old one' above it expired on", "localhost"),
        ["another name"] = (static a => a.Issue("www.example.com"),
            CertificateFailure.Name, "is not made out to 'localhost'", "localhost"),
        ["common name only"] = (static a => a.Issue(new Leaf { CommonName = "localhost" }),
            CertificateFailure.Name, "names none", "localhost"),
        ["common name beside an address"] = (static a => a.Issue(Leaf.For("127.0.0.1") with { CommonName = "localhost" }),
            CertificateFailure.Name, "names 127.0.0.1", "localhost"),
        ["wildcard for two labels"] = (static a => a.Issue("*.example.com"),
            CertificateFailure.Name, "is not made out to 'a.b.example.com'", "a.b.example.com"),
        ["wildcard for itself"] = (static a => a.Issue("*.example.com"),
            CertificateFailure.Name, "is not made out to 'example.com'", "example.com"),
        ["wildcard for a part"] = (static a => a.Issue("w*.example.com"),
            CertificateFailure.Name, "is not made out to 'www.example.com'", "www.example.com"),
        ["wildcard for a top-level domain"] = (static a => a.Issue("*.com"),
            CertificateFailure.Name, "is not made out to 'example.com'", "example.com"),
        ["address as a name"] = (static a => a.Issue(new Leaf { CommonName = "127.0.0.1", Names = ["127.0.0.1"] }),
            CertificateFailure.Name, "is not made out to '127.0.0.1'", "127.0.0.1"),
        ["name for an address"] = (static a => a.Issue("localhost"),
            CertificateFailure.Name, "is not made out to '127.0.0.1'", "127.0.0.1"),
        ["unknown root"] = (static _ => new CertificateAuthority("somebody else").Issue("localhost"),
            CertificateFailure.Chain, "the issuer 'CN=somebody else' is neither among the trusted roots", "localhost"),
        ["unknown root of the same name"] = (static _ => new CertificateAuthority().Issue("localhost"),
            CertificateFailure.Chain, "is neither among the trusted roots", "localhost"),
        ["missing intermediate"] = (static a => a.Intermediate("left out").Issue("localhost").WithoutIntermediates(),
            CertificateFailure.Chain, "the issuer 'CN=left out' is neither among the trusted roots, nor did the server send", "localhost"),
        ["self-signed"] = (static _ => CertificateAuthority.SelfSigned(Leaf.For("localhost")),
            CertificateFailure.Chain, "it is self-signed, and not among the trusted roots", "localhost"),
        ["for clients only"] = (static a => a.Issue(Leaf.For("localhost") with { Usages = [Leaf.ClientUsage] }),
            CertificateFailure.Usage, "it is not meant for servers", "localhost"),
    };

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_bad_certificate_is_refused_with_its_reason(Mode mode, string kind)
    {
        var (make, failure, sentence, host) = Bad[kind];
        using IssuedCertificate certificate = make(Authority);
        await using MisbehavingServer server = Showing(certificate);

        CertificateException e = await AssertRefused(mode, server, Trusting, failure, sentence, host);

        Assert.Contains($"subject '{certificate.Certificate.Subject}', issuer '{certificate.Certificate.Issuer}', valid ", e.Message, StringComparison.Ordinal);
        Assert.Equal(CertificateFacts.Of(certificate.Certificate), e.Certificate);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task TL_01_the_given_roots_stand_in_place_of_the_systems_and_none_means_none(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("localhost");
        await using MisbehavingServer one = Showing(certificate), other = Showing(certificate);
        await AssertRefused(mode, one, TlsOptions.Default, CertificateFailure.Chain, "no chain to a trusted root");
        await AssertRefused(mode, other, new TlsOptions { CaCerts = new([]) }, CertificateFailure.Chain, "no chain to a trusted root");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_revocation_that_cannot_be_looked_up_refuses_when_it_is_asked_for(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("localhost");
        await using MisbehavingServer server = Showing(certificate);
        TlsOptions strict = Trusting with { RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.Offline };
        await AssertRefused(mode, server, strict, CertificateFailure.Revocation, "whether it was revoked cannot be found out");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_refusal_is_not_tried_again(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("example.com");
        await using MisbehavingServer server = Showing(certificate);
        using var http = new PoolManager(new PoolOptions { Tls = Trusting, Retries = 5 });
        await Fails<CertificateException>(Send(mode, http, "GET", server.SecureUrl));
        Assert.Equal(1, server.Connections);
    }
}
