using System.Net.Security;
using System.Security.Authentication;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>What a handshake agrees on, and whose sessions are taken up again.</summary>
public sealed class TlsSessionTests : TlsClientTests
{
    private readonly IssuedCertificate _certificate;

    public TlsSessionTests() => _certificate = Authority.Issue("localhost", "example.com", $"{Guid.NewGuid():n}.example");

    // Sessions are kept by the whole process: a name of its own keeps a test from the others.
    private string Host => _certificate.Certificate.Extensions.OfType<System.Security.Cryptography.X509Certificates.X509SubjectAlternativeNameExtension>()
        .Single().EnumerateDnsNames().Last();

    public static MatrixTheoryData<Mode, TlsVersion> Versions => new(Enum.GetValues<Mode>(), Enum.GetValues<TlsVersion>());

    [Theory, MemberData(nameof(Versions))]
    public async Task The_version_is_the_one_that_both_sides_allow(Mode mode, TlsVersion version)
    {
        SslProtocols only = version == TlsVersion.Tls12 ? SslProtocols.Tls12 : SslProtocols.Tls13;
        await using MisbehavingServer strict = Showing(_certificate, o => o.EnabledSslProtocols = only), open = Showing(_certificate);

        UrllibResponse one = await Ask(mode, strict, Trusting);
        UrllibResponse other = await Ask(mode, open, Trusting with { SslMaximumVersion = version });

        Assert.Equal(version, one.Connection.Tls!.Version);
        Assert.Equal(version, other.Connection.Tls!.Version);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_version_that_one_side_does_not_allow_is_refused_with_those_that_it_does(Mode mode, TlsVersion version)
    {
        (SslProtocols server, TlsOptions client, string accepted) = version == TlsVersion.Tls12
            ? (SslProtocols.Tls13, Trusting with { SslMaximumVersion = TlsVersion.Tls12 }, "(accepted are TLS 1.2 only)")
            : (SslProtocols.Tls12, Trusting with { SslMinimumVersion = TlsVersion.Tls13 }, "(accepted are TLS 1.3 only)");
        await using MisbehavingServer strict = Showing(_certificate, o => o.EnabledSslProtocols = server);

        var e = await Fails<TlsException>(Ask(mode, strict, client));

        Assert.Contains("protocol_version", e.Message, StringComparison.Ordinal);
        Assert.Contains(accepted, e.Message, StringComparison.Ordinal);
        Assert.False(e.IsTransient);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_protocol_and_the_cipher_suite_are_told(Mode mode)
    {
        await using MisbehavingServer choosing = Showing(_certificate, static o => o.ApplicationProtocols = [SslApplicationProtocol.Http11]);
        await using MisbehavingServer deaf = Showing(_certificate);
        TlsOptions options = Trusting with { CipherSuites = new CipherSuites(TlsCipherSuite.TLS_AES_128_GCM_SHA256) };

        TlsConnectionInfo chosen = (await Ask(mode, choosing, options)).Connection.Tls!;
        TlsConnectionInfo notOffered = (await Ask(mode, choosing, options with { OfferAlpn = false })).Connection.Tls!;
        TlsConnectionInfo notChosen = (await Ask(mode, deaf, Trusting)).Connection.Tls!;

        Assert.Equal(("http/1.1", null, null), (chosen.ApplicationProtocol, notOffered.ApplicationProtocol, notChosen.ApplicationProtocol));
        Assert.Equal(TlsCipherSuite.TLS_AES_128_GCM_SHA256, chosen.CipherSuite);
        Assert.NotEqual(chosen.CipherSuite, notChosen.CipherSuite);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_without_TLS_says_so(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        using var http = new PoolManager();
        Assert.Null((await Send(mode, http, "GET", server.Url)).Connection.Tls);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_session_is_taken_up_again_and_that_is_told(Mode mode, TlsVersion version)
    {
        await using MisbehavingServer server = Showing(_certificate);
        TlsOptions options = Trusting with { SslMaximumVersion = version };

        // The platform now and then forgets the sessions of settings that no open connection has, so this one stays open.
        using PoolManager first = Client(server, options, Host);
        Assert.False((await Send(mode, first, "GET", $"https://{Host}:{server.Port}/")).Connection.Tls!.IsResumed);

        Assert.Equal([true, true], await Resumed(mode, server, options, options));
        Assert.Equal([false], await Resumed(mode, server, options with { AllowTlsResume = false }));
        Assert.Equal([true], await Resumed(mode, server, options));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task TL_09_nobody_takes_up_a_session_in_which_the_server_had_nothing_to_prove(Mode mode, TlsVersion version)
    {
        await using MisbehavingServer server = Showing(_certificate);
        TlsOptions options = Trusting with { SslMaximumVersion = version };
        TlsOptions careless = options with { DangerousAcceptAnyCertificate = true };
        Assert.Equal([false, false, false, false], await Resumed(mode, server, careless, careless, options, careless));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_session_asked_for_by_another_name_than_the_verified_one_is_not_taken_up(Mode mode, TlsVersion version)
    {
        await using MisbehavingServer server = Showing(_certificate);
        TlsOptions options = Trusting with { SslMaximumVersion = version, AssertHostname = "example.com" };
        Assert.Equal([false, false], await Resumed(mode, server, options, options));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task TL_10_the_session_of_a_refused_certificate_is_not_taken_up(Mode mode, TlsVersion version)
    {
        await using MisbehavingServer server = Showing(_certificate);
        bool refuses = true;
        TlsOptions options = Trusting with { SslMaximumVersion = version, AdditionalCheck = _ => refuses ? "not yet" : null };
        using PoolManager http = Client(server, options, Host);
        string url = $"https://{Host}:{server.Port}/";

        await Fails<CertificateException>(Send(mode, http, "GET", url));
        refuses = false;
        UrllibResponse response = await Send(mode, http, "GET", url);

        Assert.False(response.Connection.Tls!.IsResumed);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task TL_09_a_resumed_session_is_judged_anew_by_whom_it_is_for(Mode mode, TlsVersion version)
    {
        await using MisbehavingServer server = Showing(_certificate);
        TlsOptions options = Trusting with { SslMaximumVersion = version };
        using var other = new CertificateAuthority("somebody else");
        await Resumed(mode, server, options);

        using PoolManager http = Client(server, options with { CaCerts = new([other.Root]) }, Host);
        var e = await Fails<CertificateException>(Send(mode, http, "GET", $"https://{Host}:{server.Port}/"));

        Assert.Equal(CertificateFailure.Chain, e.Failure);
    }

    private async Task<bool?[]> Resumed(Mode mode, MisbehavingServer server, params TlsOptions[] turns)
    {
        var resumed = new List<bool?>();
        foreach (TlsOptions options in turns)
            resumed.Add((await Ask(mode, server, options, Host)).Connection.Tls!.IsResumed);
        return [.. resumed];
    }
}
