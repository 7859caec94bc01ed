using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>Puts TLS on a wire. Made once for a configuration and a host, and used for each handshake.</summary>
internal sealed class TlsUpgrade
{
#pragma warning disable CA5398 // a floor has to name a version
    private const SslProtocols LeastVersion = SslProtocols.Tls12;
#pragma warning restore CA5398

    private readonly SslClientAuthenticationOptions _handshake;
    private readonly string _host;

    /// <param name="options">Whom to trust.</param>
    /// <param name="host">The name to ask for and to verify: ASCII, without trailing dot or brackets.</param>
    public TlsUpgrade(TlsOptions options, string host)
    {
        _host = host;
        _handshake = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            AllowRenegotiation = false,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = CertificateCheck.ChainPolicy(options),
            RemoteCertificateValidationCallback = Validate,
        };
    }

    /// <summary>Does the handshake, within the limit that the wire has been given.</summary>
    /// <exception cref="TlsException">It failed, or the certificate was refused.</exception>
    /// <exception cref="HttpTimeoutException">A limit ran out.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask Handshake<TMode>(Wire wire, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        TlsRecordStream records = wire.NewRecordStream();
        var stream = new CheckedSslStream(records);
        try
        {
            await TMode.Either(
                static call =>
                {
                    call.Stream.AuthenticateAsClient(call.Options);
                    return true;
                },
                static async call =>
                {
                    await call.Stream.AuthenticateAsClientAsync(call.Options).ConfigureAwait(false);
                    return true;
                },
                (Stream: stream, Options: _handshake)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw wire.Explain(e, cancellationToken) ?? Translate(e, stream.Refusal);
        }

        // The system's policy chooses among the versions; this is the floor under it.
        if (stream.SslProtocol < LeastVersion)
            throw new TlsException($"'{_host}' speaks {stream.SslProtocol} only; the least version accepted is TLS 1.2.");
        wire.Upgrade(new TlsLayer(stream, records));
    }

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        string? refusal = CertificateCheck.Refusal(_host, certificate as X509Certificate2, chain, errors);
        ((CheckedSslStream)sender).Refusal = refusal;
        return refusal is null;
    }

    private TlsException Translate(Exception e, string? refusal) => e switch
    {
        _ when refusal is not null => new TlsException(refusal, Initiator.Server, e),
        AuthenticationException => new TlsException(
            $"The TLS handshake with '{_host}' failed: {(e.InnerException ?? e).Message}", Initiator.Server, e),
        IOException => new TlsException($"The connection to '{_host}' ended during the TLS handshake.", Initiator.Network, e)
        {
            IsTransient = true,
        },
        _ => new TlsException($"The TLS handshake with '{_host}' failed: {e.Message}", Initiator.Server, e),
    };

    /// <summary>Carries the verdict of its own handshake; the options are shared by all.</summary>
    private sealed class CheckedSslStream(Stream inner) : SslStream(inner, leaveInnerStreamOpen: false)
    {
        public string? Refusal { get; set; }
    }
}
