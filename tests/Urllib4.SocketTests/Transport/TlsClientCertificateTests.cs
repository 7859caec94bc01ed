using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>Who this side is: shown when asked for, and never mixed up with anybody else.</summary>
public sealed class TlsClientCertificateTests : TlsClientTests
{
    private readonly IssuedCertificate _server, _one, _other;

    public TlsClientCertificateTests()
    {
        CertificateAuthority intermediate = Authority.Intermediate("clients");
        _server = Authority.Issue("localhost");
        _one = intermediate.Issue(new Leaf { CommonName = "one", Usages = [Leaf.ClientUsage] });
        _other = intermediate.Issue(new Leaf { CommonName = "other", Usages = [Leaf.ClientUsage] });
    }

    public static TheoryData<TlsVersion> Versions => [.. Enum.GetValues<TlsVersion>()];

    private TlsOptions AsOne => Trusting with { ClientCertificate = new(_one.Certificate, new(_one.Intermediates)) };

    private TlsOptions AsOther => Trusting with { ClientCertificate = new(_other.Certificate, new(_other.Intermediates)) };

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_asks_sees_the_certificate_and_its_chain(Mode mode)
    {
        var seen = new List<string>();
        await using MisbehavingServer server = Asking(seen);

        Assert.Equal(200, (await Ask(mode, server, AsOne with { AllowTlsResume = false })).Status);
        TlsOptions without = Trusting with { ClientCertificate = new(_one.Certificate), AllowTlsResume = false };
        Assert.Equal(200, (await Ask(mode, server, without)).Status);

        Assert.Equal(["CN=one with CN=clients", "CN=one with "], seen);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_does_not_ask_sees_nothing(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync(new HttpBinOptions { Certificate = _server });
        using var http = new PoolManager(new PoolOptions { Tls = AsOne });
        Assert.Equal("", await Client(mode, http, server));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_insists_turns_away_who_has_none(Mode mode)
    {
        await using MisbehavingServer server = Asking([]);
        using PoolManager http = Client(server, Trusting);
        Exception? e = await Record.ExceptionAsync(() => Send(mode, http, "GET", server.SecureUrl));
        Assert.True(e is TlsException or ProtocolException, $"{e}");
        Assert.Empty(server.Requests);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PK_02_two_identities_never_share_a_connection(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync(new HttpBinOptions { Certificate = _server, AskForClientCertificate = true });
        using var http = new PoolManager(new PoolOptions { Tls = Trusting });
        RequestOptions one = new() { Tls = AsOne }, other = new() { Tls = AsOther }, nobody = new(), sameAgain = new() { Tls = AsOne };

        string[] seen =
        [
            await Client(mode, http, server, one), await Client(mode, http, server, other), await Client(mode, http, server, nobody),
            await Client(mode, http, server, sameAgain), await Client(mode, http, server, other), await Client(mode, http, server, nobody),
        ];

        Assert.Equal(["CN=one", "CN=other", "", "CN=one", "CN=other", ""], seen);
        Assert.Equal(3, server.Connections);
        Assert.Equal(3, http.Pools.Count);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task TL_09_two_identities_never_share_a_session(TlsVersion version)
    {
        // Without a certificate first: its session must not be taken up by one who has one, nor the other way about.
        await using HttpBinServer server = await HttpBinServer.StartAsync(new HttpBinOptions
        {
            Certificate = Authority.Issue("localhost", "sessions.example"),
            AskForClientCertificate = true,
        });
        var seen = new List<string>();
        foreach (TlsOptions identity in new[] { Trusting, AsOne, AsOther, Trusting, AsOne })
        {
            TlsOptions tls = identity with { SslMaximumVersion = version, ServerHostname = "sessions.example" };
            using var http = new PoolManager(new PoolOptions { Tls = tls });
            seen.Add(await Client(Mode.Blocking, http, server));
        }

        Assert.Equal(["", "CN=one", "CN=other", "", "CN=one"], seen);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task It_comes_from_PEM_or_PFX_files_with_or_without_a_password(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        _one.WriteTo(directory.FullName);
        string cert = Path.Combine(directory.FullName, "cert.pem"), key = Path.Combine(directory.FullName, "key.pem");
        string encrypted = directory.Write("encrypted.pem", _one.EncryptedKeyPem("secret"));
        string pfx = Path.Combine(directory.FullName, "one.pfx");
        X509Certificate2Collection all = [_one.Certificate, .. _one.Intermediates];
        await File.WriteAllBytesAsync(pfx, all.Export(X509ContentType.Pkcs12, "secret")!, TestContext.Current.CancellationToken);
        ClientCertificate[] read =
        [
            ClientCertificate.ReadPem(cert, key),
            ClientCertificate.ReadPem(Path.Combine(directory.FullName, "combined.pem")),
            ClientCertificate.ReadPem(cert, encrypted, "secret"),
            ClientCertificate.ReadPfx(pfx, "secret"),
        ];
        var seen = new List<string>();
        await using MisbehavingServer server = Asking(seen);

        foreach (ClientCertificate one in read)
        {
            Assert.Equal(AsOne.ClientCertificate, one);
            // The chain is not shown again when a session is taken up.
            Assert.Equal(200, (await Ask(mode, server, Trusting with { ClientCertificate = one, AllowTlsResume = false })).Status);
        }

        Assert.Equal(Enumerable.Repeat("CN=one with CN=clients", read.Length), seen);
    }

    [Fact]
    public void Files_that_do_not_do_are_refused_with_the_reason()
    {
        using var directory = new TemporaryDirectory();
        _one.WriteTo(directory.FullName);
        string cert = Path.Combine(directory.FullName, "cert.pem");
        string encrypted = directory.Write("encrypted.pem", _one.EncryptedKeyPem("secret"));

        var locked = Assert.Throws<CryptographicException>(() => ClientCertificate.ReadPem(cert, encrypted));
        Assert.Contains("a password is required", locked.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<CryptographicException>(() => ClientCertificate.ReadPem(cert, encrypted, "wrong"));
        Assert.ThrowsAny<CryptographicException>(() => ClientCertificate.ReadPem(cert));
        Assert.ThrowsAny<CryptographicException>(() => ClientCertificate.ReadPfx(cert));
        Assert.ThrowsAny<IOException>(() => ClientCertificate.ReadPem(Path.Combine(directory.FullName, "nothing.pem")));
    }

    [Fact]
    public void Roots_are_read_from_PEM_and_DER()
    {
        using var directory = new TemporaryDirectory();
        string pem = directory.Write("ca.pem", "# two of them\n" + Authority.RootPem + "\n" + _server.CertificatePem);
        string der = Path.Combine(directory.FullName, "ca.der");
        File.WriteAllBytes(der, Authority.Root.RawData);

        Assert.Equal(new CertificateSet([_server.Certificate, Authority.Root]), CertificateSet.Read(pem));
        Assert.Equal(new CertificateSet([Authority.Root]), CertificateSet.Read(der));
        Assert.Throws<CryptographicException>(() => CertificateSet.Read(directory.Write("empty.pem", "nothing here")));
        Assert.Throws<CryptographicException>(() => CertificateSet.FromPem(""));
    }

    private MisbehavingServer Asking(List<string> seen) => Showing(_server, options =>
    {
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            if (certificate is null)
                return false;
            seen.Add($"{certificate.Subject} with {string.Join(", ", chain!.ChainPolicy.ExtraStore.Select(static c => c.Subject).Where(s => s != certificate.Subject))}");
            return true;
        };
    });

    private static async Task<string> Client(Mode mode, PoolManager http, HttpBinServer server, RequestOptions? options = null) =>
        (await Send(mode, http, "GET", $"{server.SecureUrl}/connection", options)).Json<System.Text.Json.JsonElement>().GetProperty("client").GetString() ?? "";
}
