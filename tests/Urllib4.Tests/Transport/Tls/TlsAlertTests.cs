using Urllib4.Transport;

namespace Urllib4.Tests.Transport;

public sealed class TlsAlertTests
{
    [Theory]
    [InlineData("error:0A00045C:SSL routines::tlsv13 alert certificate required", 116)]
    [InlineData("error:1409445C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required", 116)]
    [InlineData("Decrypt failed, error:0A000410:SSL routines::sslv3 alert handshake failure", 40)]
    [InlineData("error:0A00042E:SSL routines::tlsv1 alert protocol version", 70)]
    [InlineData("error:0A000119:SSL routines::decryption failed or bad record mac", null)] // on this side
    [InlineData("error:0A0004", null)]
    [InlineData("error:wrong456:", null)]
    [InlineData("error:", null)]
    [InlineData("The connection was reset.", null)]
    public void An_alert_is_read_from_what_OpenSSL_says(string message, int? number)
    {
        var failure = new IOException("outside", new InvalidOperationException(message));

        Assert.Equal(number, TlsAlert.In(failure)?.Number);
    }

    [Theory]
    [InlineData(116, "certificate_required (116)", ": it wants a certificate, and TlsOptions.ClientCertificate is not set")]
    [InlineData(120, "no_application_protocol (120)", ": it speaks none of the protocols that are offered (TlsOptions.OfferAlpn)")]
    [InlineData(112, "unrecognized_name (112)", ": it does not know the name that it was asked for (TlsOptions.ServerHostname)")]
    [InlineData(80, "internal_error (80)", "")]
    [InlineData(222, "unknown (222)", "")]
    public void It_is_named_with_the_option_that_it_is_about(byte number, string text, string advice)
    {
        Assert.Equal(text, new TlsAlert(number).ToString());
        Assert.Equal(advice, new TlsAlert(number).Advice(TlsOptions.Default, nameof(TlsOptions)));
    }
}
