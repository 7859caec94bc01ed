using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Adapters;

namespace Urllib4.Tests.Adapters;

public sealed class HandlerTlsTests
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1", ForClients = "1.3.6.1.5.5.7.3.2";

    [Fact]
    public void Settings_that_say_nothing_make_no_options() => Assert.Null(HandlerTls.OptionsOf(new HandlerSettings(), static () => null));

    [Fact]
    public void The_callback_is_told_which_message_opens_the_connection()
    {
        using var request = new HttpRequestMessage();
        HttpRequestMessage? told = null;
        var settings = new HandlerSettings { ServerCertificateCallback = (message, _, _, _) => (told = message) is null };

        SslClientAuthenticationOptions options = HandlerTls.OptionsOf(settings, () => request)!;

        Assert.False(options.RemoteCertificateValidationCallback!(this, null, null, SslPolicyErrors.None));
        Assert.Same(request, told);
    }

    [Fact]
    public void Of_several_certificates_the_first_is_shown_that_has_a_key_and_is_for_clients()
    {
        using X509Certificate2 server = Certificate(ForServers);
        using X509Certificate2 client = Certificate(ForClients);
        using X509Certificate2 any = Certificate(null);
        using X509Certificate2 keyless = X509CertificateLoader.LoadCertificate(client.RawData);
        using X509Certificate2 notForSigning = Certificate(ForClients, X509KeyUsageFlags.KeyEncipherment);

        Assert.Same(client, Shown(server, keyless, notForSigning, client, any));
        Assert.Same(any, Shown(server, any));
        Assert.Null(Shown(server, keyless));
    }

    [Fact]
    public void A_callback_of_the_caller_chooses_instead()
    {
        using X509Certificate2 own = Certificate(ForServers);
        var given = new SslClientAuthenticationOptions { LocalCertificateSelectionCallback = (_, _, _, _, _) => own };
        SslClientAuthenticationOptions options = HandlerTls.OptionsOf(new HandlerSettings { SslOptions = given }, static () => null)!;
        Assert.Same(own, options.LocalCertificateSelectionCallback!(this, "a.test", [], null, []));
    }

    [Fact]
    public void Options_are_copied_so_that_what_is_written_into_them_later_has_no_effect()
    {
        var given = new SslClientAuthenticationOptions { AllowTlsResume = false };
        SslClientAuthenticationOptions options = HandlerTls.OptionsOf(new HandlerSettings { SslOptions = given }, static () => null)!;
        given.AllowTlsResume = true;
        Assert.False(options.AllowTlsResume);
    }

    private static X509Certificate? Shown(params X509Certificate2[] certificates)
    {
        var given = new SslClientAuthenticationOptions { ClientCertificates = [.. certificates] };
        SslClientAuthenticationOptions options = HandlerTls.OptionsOf(new HandlerSettings { SslOptions = given }, static () => null)!;
        return options.LocalCertificateSelectionCallback!(given, "a.test", given.ClientCertificates, null, []);
    }

    private static X509Certificate2 Certificate(string? purpose, X509KeyUsageFlags usage = X509KeyUsageFlags.DigitalSignature)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        if (purpose is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        }

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
