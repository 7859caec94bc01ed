using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Policies.Auth;

namespace Urllib4.Adapters;

/// <summary>What a handler was told, as it stands when a request begins. Null where the options of the pools say it.</summary>
internal sealed record HandlerSettings
{
    public IMeterFactory? MeterFactory { get; init; }

    public bool AllowAutoRedirect { get; init; } = true;

    public int MaxAutomaticRedirections { get; init; } = 50;

    public DecompressionMethods AutomaticDecompression { get; init; }

    public bool UseCookies { get; init; } = true;

    public CookieContainer CookieContainer { get; init; } = new();

    public int MaxConnectionsPerServer { get; init; } = int.MaxValue;

    public ICredentials? Credentials { get; init; }

    public bool PreAuthenticate { get; init; }

    public bool UseProxy { get; init; } = true;

    public IWebProxy? Proxy { get; init; }

    public ICredentials? DefaultProxyCredentials { get; init; }

    public TimeSpan? ConnectTimeout { get; init; }

    public TimeSpan? Expect100ContinueTimeout { get; init; }

    public TimeSpan? PooledConnectionIdleTimeout { get; init; }

    public TimeSpan? PooledConnectionLifetime { get; init; }

    public int? MaxResponseHeadersLength { get; init; }

    public int MaxResponseDrainSize { get; init; } = 1024 * 1024;

    public TimeSpan ResponseDrainTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? ConnectCallback { get; init; }

    public Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>>? PlaintextStreamFilter { get; init; }

    public SslClientAuthenticationOptions? SslOptions { get; init; }

    public Func<HttpRequestMessage, X509Certificate2?, X509Chain?, SslPolicyErrors, bool>? ServerCertificateCallback { get; init; }

    public ClientCertificateOption ClientCertificateOptions { get; init; }

    public DistributedContextPropagator? ActivityHeadersPropagator { get; init; } = DistributedContextPropagator.Current;

    public HeaderEncodingSelector<HttpRequestMessage>? RequestHeaderEncodingSelector { get; init; }

    public HeaderEncodingSelector<HttpRequestMessage>? ResponseHeaderEncodingSelector { get; init; }

    public TimeSpan KeepAlivePingDelay { get; init; } = Timeout.InfiniteTimeSpan;

    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    public HttpKeepAlivePingPolicy KeepAlivePingPolicy { get; init; } = HttpKeepAlivePingPolicy.Always;

    public bool EnableMultipleHttp2Connections { get; init; }

    public bool EnableMultipleHttp3Connections { get; init; }

    public int InitialHttp2StreamWindowSize { get; init; } = 65_535;

    public RequestOptions DefaultRequestOptions { get; init; } = RequestOptions.Default;

    /// <summary>Where credentials are said unasked, once an origin has asked.</summary>
    public AuthScope Scope => PreAuthenticate ? AuthScope.Path : AuthScope.Nowhere;

    /// <summary>Whether somebody who is asked while a connection is opened wants to know for which request.</summary>
    public bool AsksForRequest =>
        ServerCertificateCallback is not null || ConnectCallback is not null || PlaintextStreamFilter is not null;
}
