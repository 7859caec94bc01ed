using System.Net.Http;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Adapters;

namespace Urllib4;

// What holds for TLS: the platform's own options, and the names that HttpClientHandler has for some of them.
public sealed partial class UrllibHandler
{
    /// <summary>
    /// How TLS is spoken, in the words of the platform, with origins and with proxies; read when the first request is sent. What is set
    /// here comes before <see cref="PoolOptions.Tls"/>, of which pins, fingerprints and further conditions still hold. A
    /// <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/> has the last word: it accepts what was refused,
    /// and refuses what was accepted. Host and protocols (<see cref="SslClientAuthenticationOptions.TargetHost"/>,
    /// <see cref="SslClientAuthenticationOptions.ApplicationProtocols"/>) are the handler's matter; versions below TLS 1.2 are not spoken.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public SslClientAuthenticationOptions SslOptions
    {
        get
        {
            // What is written into it afterwards would have no effect.
            if (_settings.SslOptions is null && _manager is null && !_isDisposed)
                _settings = _settings with { SslOptions = new SslClientAuthenticationOptions() };
            return _settings.SslOptions ?? new SslClientAuthenticationOptions();
        }
        set => PoolSettings = _settings with { SslOptions = value ?? throw new ArgumentNullException(nameof(value)) };
    }

    /// <summary>
    /// Asked about each certificate of a server, with the request for which the connection is made, the chain, and what is wrong with them;
    /// what it says holds. Default null: a certificate has to be in order. <see cref="SslOptions"/> under the name that
    /// <see cref="HttpClientHandler"/> has for it.
    /// </summary>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public Func<HttpRequestMessage, X509Certificate2?, X509Chain?, SslPolicyErrors, bool>? ServerCertificateCustomValidationCallback
    {
        get => _settings.ServerCertificateCallback;
        set => PoolSettings = _settings with { ServerCertificateCallback = value };
    }

    /// <summary>
    /// Where client certificates come from when a server asks for one: <see cref="ClientCertificateOption.Manual"/>, the default, takes
    /// the first fit one of <see cref="ClientCertificates"/>; <see cref="ClientCertificateOption.Automatic"/> that of the user's store.
    /// Fit is what has a private key and may be used for a client.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither.</exception>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public ClientCertificateOption ClientCertificateOptions
    {
        get => _settings.ClientCertificateOptions;
        set => PoolSettings = _settings with
        {
            ClientCertificateOptions = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, null),
        };
    }

    /// <summary>
    /// The client certificates to choose from, each with its private key, which stay the caller's. Only while
    /// <see cref="ClientCertificateOptions"/> says so.
    /// </summary>
    /// <exception cref="InvalidOperationException">They are taken from the user's store.</exception>
    public X509CertificateCollection ClientCertificates => ClientCertificateOptions == ClientCertificateOption.Manual
        ? SslOptions.ClientCertificates ??= []
        : throw new InvalidOperationException(
            $"The certificates are taken from the user's store; set {nameof(ClientCertificateOptions)} to Manual to name them.");

    /// <summary>The versions of TLS to speak. Default <see cref="SslProtocols.None"/>: the system chooses.</summary>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public SslProtocols SslProtocols
    {
        get => _settings.SslOptions?.EnabledSslProtocols ?? SslProtocols.None;
        set
        {
            PoolSettings = _settings;
            SslOptions.EnabledSslProtocols = value;
        }
    }

    /// <summary>Whether certificates are looked up in revocation lists that are downloaded. Default false.</summary>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public bool CheckCertificateRevocationList
    {
        get => _settings.SslOptions?.CertificateRevocationCheckMode == X509RevocationMode.Online;
        set
        {
            PoolSettings = _settings;
            SslOptions.CertificateRevocationCheckMode = value ? X509RevocationMode.Online : X509RevocationMode.NoCheck;
        }
    }
}
