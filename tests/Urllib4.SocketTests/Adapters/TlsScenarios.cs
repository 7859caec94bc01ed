using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>What a program says of TLS in the words of the platform.</summary>
internal static class TlsScenarios
{
    public static IEnumerable<Scenario> All =>
    [
        Asking("accepts a stranger", SelfSigned, static _ => true),
        Asking("accepts who is made out to somebody else", static () => Issued("other.test"), static _ => true),
        Asking("refuses who is in order", static () => Issued("localhost"), static _ => false),
        Asking("accepts who is in order", static () => Issued("localhost"), static _ => true),
        Asking("fails", static () => Issued("localhost"), static _ => throw new DivideByZeroException("mine")),
        new("TLS: a Host header names the server", static s => Named(s, "named.test", "named.test")),
        new("TLS: a Host header with a port names the server", static s => Named(s, "named.test:1234", "named.test")),
        new("TLS: a Host header that the certificate does not know", static s => Named(s, "named.test", "localhost")),
        new("TLS: a Host header that is the host of the URL", static s => Named(s, "localhost", "localhost")),
        new("TLS: a chain policy that does not mind the name", static async s =>
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationFlags = X509VerificationFlags.IgnoreInvalidName,
            };
            policy.CustomTrustStore.Add(ScenarioTests.Authority.Root);
            Options(s).CertificateChainPolicy = policy;
            await Get(s, Issued("other.test").ServerOptions());
        }),
        new("TLS: several client certificates", static async s =>
        {
            using X509Certificate2 mine = ScenarioTests.Authority.Issue(Client("mine")).Certificate;
            using X509Certificate2 other = ScenarioTests.Authority.Issue(Client("other")).Certificate;
            Options(s).ClientCertificates = [mine, other];
            await Get(s, Wanting(s));
        }),
        new("TLS: a client certificate that is chosen", static async s =>
        {
            using X509Certificate2 first = ScenarioTests.Authority.Issue(Client("first")).Certificate;
            using X509Certificate2 second = ScenarioTests.Authority.Issue(Client("second")).Certificate;
            Options(s).ClientCertificates = [first, second];
            Options(s).LocalCertificateSelectionCallback = (_, host, local, _, _) =>
            {
                s.Note($"asked for {host}, {local.Count}");
                return local[1];
            };
            await Get(s, Wanting(s));
        }),
        new("TLS: no client certificate", static s => Get(s, Wanting(s))),
        .. from ours in new[] { SslProtocols.None, SslProtocols.Tls12, SslProtocols.Tls13, SslProtocols.Tls12 | SslProtocols.Tls13 }
           from theirs in new[] { SslProtocols.Tls12, SslProtocols.Tls13 }
           select new Scenario($"TLS: {ours} asked for, {theirs} spoken", s =>
           {
               Options(s).EnabledSslProtocols = ours;
               SslServerAuthenticationOptions server = Issued("localhost").ServerOptions();
               server.EnabledSslProtocols = theirs;
               return Get(s, server);
           }),
    ];

    private static Scenario Asking(string name, Func<IssuedCertificate> certificate, Func<SslPolicyErrors, bool> verdict) =>
        new($"TLS: a callback that {name}", async s =>
        {
            Options(s).RemoteCertificateValidationCallback = (sender, shown, chain, errors) =>
            {
                s.Note($"{sender is SslStream} {shown?.Subject} {chain?.ChainElements.Count > 0} {errors}");
                return verdict(errors);
            };
            await Get(s, certificate().ServerOptions());
        });

    private static IssuedCertificate SelfSigned() => CertificateAuthority.SelfSigned(Leaf.For("localhost"));

    private static IssuedCertificate Issued(string host) => ScenarioTests.Authority.Issue(host);

    private static Leaf Client(string name) => new() { CommonName = name, Usages = [Leaf.ClientUsage] };

    private static SslServerAuthenticationOptions Wanting(Stage s)
    {
        SslServerAuthenticationOptions options = Issued("localhost").ServerOptions();
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = (_, shown, _, _) =>
        {
            s.Note($"shown: {shown?.Subject}");
            return true;
        };
        return options;
    }

    private static async Task Named(Stage s, string header, string certificate)
    {
        SslServerAuthenticationOptions options = Issued(certificate).ServerOptions();
        SslStreamCertificateContext context = options.ServerCertificateContext!;
        options.ServerCertificateContext = null;
        options.ServerCertificateSelectionCallback = (_, name) =>
        {
            s.Note($"asked for {name}");
            return context.TargetCertificate;
        };
        using var server = Serve(options);
        HttpRequestMessage request = new(HttpMethod.Get, $"https://localhost:{server.Port}/");
        request.Headers.Host = header;
        await Send(s, request);
    }

    private static async Task Get(Stage s, SslServerAuthenticationOptions options)
    {
        using var server = Serve(options);
        await Send(s, new(HttpMethod.Get, $"https://localhost:{server.Port}/"));
    }

    private static MisbehavingServer Serve(SslServerAuthenticationOptions options) => MisbehavingServer.Start(
        _ => new Dialogue().StartTls(options).ExpectRequest().Send(Scenarios.Answer()).Close());

    private static async Task Send(Stage s, HttpRequestMessage request)
    {
        try
        {
            using HttpResponseMessage response = await s.Send(request);
            s.Note($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
        catch (Exception e)
        {
            s.Show(e);
            s.Note(e.GetBaseException() is DivideByZeroException ? "the program's own" : "refused");
        }
    }

    private static SslClientAuthenticationOptions Options(Stage s) =>
        s.Handler is SocketsHttpHandler theirs ? theirs.SslOptions : ((UrllibHandler)s.Handler).SslOptions;
}
