using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http;
using Urllib4.Adapters;

namespace Urllib4;

// What holds for connections, and is settled when the first one is made.
public sealed partial class UrllibHandler
{
    /// <summary>
    /// How many connections one origin may have; further requests wait in the order of arrival, for as long as
    /// <see cref="HttpTimeout.Pool"/>. Default <see cref="int.MaxValue"/>: as <see cref="PoolOptions.Block"/> and
    /// <see cref="PoolOptions.MaxSize"/> say.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public int MaxConnectionsPerServer
    {
        get => _settings.MaxConnectionsPerServer;
        set => PoolSettings = _settings with { MaxConnectionsPerServer = HandlerChecks.AtLeastOne(value) };
    }

    /// <summary>
    /// User names and passwords, sent as <c>Digest</c> or <c>Basic</c> when an origin asks, see <see cref="PreAuthenticate"/>; the default
    /// credentials, and what is stored for <c>Negotiate</c> or <c>NTLM</c> only, answer those. A <see cref="NetworkCredential"/> is for
    /// the origin of the request; anything else, such as a <see cref="CredentialCache"/>, is asked for each origin, without its path.
    /// Default null: challenges are results.
    /// </summary>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public ICredentials? Credentials
    {
        get => _settings.Credentials;
        set => PoolSettings = _settings with { Credentials = value };
    }

    /// <summary>Whether proxies are used. Default true: <see cref="Proxy"/>, or else those that the options of the pools name.</summary>
    /// <exception cref="InvalidOperationException">
    /// A request was sent already, or the pools are those of a manager that was given.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The handler was disposed.</exception>
    public bool UseProxy
    {
        get => _settings.UseProxy;
        set => PoolSettings = _settings with { UseProxy = value };
    }

    /// <summary>
    /// The proxy to go through, asked for each hop; its credentials are sent to it. Default null: as the options of the pools say.
    /// </summary>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public IWebProxy? Proxy
    {
        get => _settings.Proxy;
        set => PoolSettings = _settings with { Proxy = value };
    }

    /// <summary>
    /// Opens the connections, to origins and to proxies, instead of TCP; TLS is spoken on top unless the stream is an
    /// <see cref="System.Net.Security.SslStream"/> already. Told where to, and for which request. What it throws is the inner exception of
    /// the <see cref="HttpRequestException"/>. Default null.
    /// </summary>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? ConnectCallback
    {
        get => _settings.ConnectCallback;
        set => PoolSettings = _settings with { ConnectCallback = value };
    }

    /// <summary>
    /// Is shown the stream of each new connection, TLS undone, before HTTP is spoken on it, and gives the one to speak it on: the same, or
    /// one that watches or changes what passes. What it throws is the inner exception of the <see cref="HttpRequestException"/>. Default
    /// null.
    /// </summary>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>>? PlaintextStreamFilter
    {
        get => _settings.PlaintextStreamFilter;
        set => PoolSettings = _settings with { PlaintextStreamFilter = value };
    }

    /// <summary>
    /// Who this side is to a proxy that has no <see cref="IWebProxy.Credentials"/>: to <see cref="Proxy"/>, or to those that the
    /// environment or the system names (<see cref="HttpClient.DefaultProxy"/>). Default null: nobody.
    /// </summary>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public ICredentials? DefaultProxyCredentials
    {
        get => _settings.DefaultProxyCredentials;
        set => PoolSettings = _settings with { DefaultProxyCredentials = value };
    }

    /// <summary>
    /// How long each step of connecting may take: the look-up of the name, the connection, the talk with a proxy, TLS. Default that of the
    /// options of the pools, 10 s; infinite means no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is zero or negative and not infinite, or more than <see cref="int.MaxValue"/> ms.
    /// </exception>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public TimeSpan ConnectTimeout
    {
        get => _settings.ConnectTimeout ?? _options.Timeout.Connect;
        set => PoolSettings = _settings with { ConnectTimeout = HandlerChecks.PositiveLimit(value) };
    }

    /// <summary>
    /// How long a content with <c>Expect: 100-continue</c> waits for the server's word before it is sent all the same. Default that of the
    /// options of the pools, 1 s; zero means not at all.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is negative and not infinite, or more than <see cref="int.MaxValue"/> ms.
    /// </exception>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public TimeSpan Expect100ContinueTimeout
    {
        get => _settings.Expect100ContinueTimeout ?? _options.Timeout.Continue;
        set => PoolSettings = _settings with { Expect100ContinueTimeout = HandlerChecks.Limit(value) };
    }

    /// <summary>
    /// How long a connection may lie idle before it is closed rather than used again. Default 1 minute, or that of the options that were
    /// given; zero means that none is used again.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite.</exception>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public TimeSpan PooledConnectionIdleTimeout
    {
        get => _settings.PooledConnectionIdleTimeout ?? _options.MaxIdleTime;
        set => PoolSettings = _settings with { PooledConnectionIdleTimeout = HandlerChecks.NotNegative(value) };
    }

    /// <summary>
    /// How old a connection may become before it is closed rather than used again. Default that of the options of the pools, 5 minutes, so
    /// that changed addresses are noticed; zero means that none is used again.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not infinite.</exception>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public TimeSpan PooledConnectionLifetime
    {
        get => _settings.PooledConnectionLifetime ?? _options.MaxLifetime;
        set => PoolSettings = _settings with { PooledConnectionLifetime = HandlerChecks.NotNegative(value) };
    }

    /// <summary>
    /// How long the head of a response may be together with its trailers and the 1xx before it, in kilobytes (1,024 bytes); how many lines
    /// they have does not matter then. Default as the <see cref="HttpLimits"/> of the pools say: 64, and 16 for trailers.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public int MaxResponseHeadersLength
    {
        get => _settings.MaxResponseHeadersLength ?? _options.Limits.MaxHeaderBytes / 1024;
        set => PoolSettings = _settings with { MaxResponseHeadersLength = HandlerChecks.AtLeastOne(value) };
    }

    /// <summary>
    /// Makes the meter <c>System.Net.Http</c> of this handler, with the instruments of the platform: <c>http.client.request.duration</c>,
    /// <c>http.client.active_requests</c>, <c>http.client.request.time_in_queue</c>, <c>http.client.connection.duration</c> and
    /// <c>http.client.open_connections</c>. Default null: there is only the meter of this library, <c>Urllib4</c>, which measures
    /// besides in any case.
    /// </summary>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public IMeterFactory? MeterFactory
    {
        get => _settings.MeterFactory;
        set => PoolSettings = _settings with { MeterFactory = value };
    }

    /// <summary>
    /// Whether credentials that an origin has asked for by <c>Basic</c> or <c>Digest</c> are sent unasked from then on, below the path that
    /// asked. Default false: each request is asked first.
    /// </summary>
    /// <inheritdoc cref="UseProxy" path="/exception"/>
    public bool PreAuthenticate
    {
        get => _settings.PreAuthenticate;
        set => PoolSettings = _settings with { PreAuthenticate = value };
    }

    // Those that are settled when the pools are made.
    private HandlerSettings PoolSettings
    {
        set => Settings = _manager is null || _isStarted
            ? value
            : throw new InvalidOperationException("The handler stands on a manager that was given, and whose options say this.");
    }

    private HandlerSettings Settings
    {
        set
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_isStarted)
                throw new InvalidOperationException("The handler has sent a request; its properties stay as they are.");
            _settings = value;
        }
    }
}
