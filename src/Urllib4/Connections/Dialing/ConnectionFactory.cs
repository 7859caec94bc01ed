using Urllib4.Diagnostics;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// Opens the connections of one pool: resolve and dial, through a proxy if there is one, TLS, protocol. What leads only to a proxy, which
/// sends the requests on by itself, has that proxy as its origin.
/// </summary>
internal sealed class ConnectionFactory : IConnectionFactory
{
    private readonly Origin _origin;
    private readonly PoolOptions _options;
    private readonly DialSettings _dialing;
    private readonly EgressGuard? _guard;
    private readonly string _peer;
    private readonly ProxyHop? _hop;
    private readonly bool _isForwarding;
    private TlsUpgrade? _tls;
    private readonly HttpVersions _versions;
    private readonly StreamLimit _streams = new();
    private readonly bool _dialsOnThread;

    /// <param name="origin">Where the connections lead.</param>
    /// <param name="tls">How to speak to it, and whom to trust; null without TLS.</param>
    /// <param name="hop">The proxy on the way there, if there is one.</param>
    /// <param name="isForwarding">Whether the way ends at the proxy.</param>
    /// <param name="versions">Which versions of HTTP may be spoken there.</param>
    /// <param name="options">What holds for the pool.</param>
    /// <param name="names">What is remembered of names; null for nothing.</param>
    public ConnectionFactory(
        Origin origin, TlsOptions? tls, ProxyHop? hop, bool isForwarding, HttpVersions versions, PoolOptions options, INameSource? names)
    {
        _versions = versions;
        _origin = origin;
        _options = options;
        // What is forwarded is judged with each request: this way leads to the proxy, whatever is asked of it.
        _guard = isForwarding ? null : EgressGuard.For(options.Egress, origin);
        _dialing = options.ToDialSettings(names, _guard);
        _peer = origin.HostHeader;
        _hop = hop;
        _isForwarding = isForwarding;
        // A socket on which anybody has once waited asynchronously wakes the platform's event thread for all that ever comes, and that one
        // a thread of the pool. One of HTTP/2 is read by its own thread, so only blocking code is to touch it, from the start on. Code of
        // users is called as they expect it.
        _dialsOnThread = !isForwarding && versions.HasFlag(HttpVersions.Http2)
            && options is { Dialer: null, Resolver: null, StreamFilter: null };
        if (tls is not null && !isForwarding)
            _tls = Upgrade(origin, tls, hop, versions, options);
    }

    /// <inheritdoc/>
    public ProxyHop? Forwarder => _isForwarding ? _hop : null;

    /// <inheritdoc/>
    public ValueTask<HttpConnection> Open(bool isBlocking, ConnectTerms terms) => isBlocking ? OpenAs<Blocking>(isBlocking, terms)
        : _dialsOnThread ? OpenOnThread(terms)
        : OpenAs<Asynchronous>(isBlocking, terms);

    private ValueTask<HttpConnection> OpenOnThread(ConnectTerms terms)
    {
        var opened = new TaskCompletionSource<HttpConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Open().Forget()) { IsBackground = true, Name = "Urllib4 dial" };
        thread.Start();
        return new ValueTask<HttpConnection>(opened.Task);

        async Task Open()
        {
            try
            {
                opened.SetResult(await OpenAs<Blocking>(isBlocking: false, terms).ConfigureAwait(false));
            }
            catch (Exception e)
            {
                opened.SetException(e);
            }
        }
    }

    /// <param name="isBlocking">How it is going to be used.</param>
    /// <param name="terms">What holds for this connection.</param>
    private async ValueTask<HttpConnection> OpenAs<TMode>(bool isBlocking, ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        _guard?.Admit(_hop?.Proxy);
        Wire wire = await Reach<TMode>(terms).ConfigureAwait(false);
        try
        {
            TlsConnectionInfo? proxyTls = wire.Tls?.Info;
            if (!_isForwarding)
                wire.Peer = _peer;
            TlsUpgrade? tls = wire.IsSecured ? null : Volatile.Read(ref _tls);
            if (tls is not null)
                await ConnectSteps.Secure<TMode>(wire, tls, terms).ConfigureAwait(false);
            if (_options.StreamFilter is not null)
                await ConnectSteps.Filter<TMode>(wire, _options.StreamFilter, terms).ConfigureAwait(false);
            return ConnectionOn(wire, tls, proxyTls, isBlocking);
        }
        catch (Exception e)
        {
            // Cut right after its last step, so that not even its addresses can be asked for.
            Exception? own = e is ObjectDisposedException ? wire.Explain(e) : null;
            wire.Rest();
            wire.Close();
            if (own is not null)
                throw own;
            throw;
        }
    }

    private ValueTask<Wire> Reach<TMode>(ConnectTerms terms)
        where TMode : struct, IWaitMode => _hop switch
        {
            null => ConnectSteps.Dial<TMode>(_origin.HostName, _origin.Port, _peer, _options.Dialer, _dialing, terms),
            _ when _isForwarding => _hop.Reach<TMode>(terms),
            { Proxy.IsSocks: true } => _hop.ThroughSocks<TMode>(_origin.HostName, _origin.Port, _dialing, terms),
            _ => ConnectTunnel.Open<TMode>(_hop, _origin, _options, terms),
        };

    private bool SpeaksHttp2(Wire wire)
    {
        if (_isForwarding)
            return false;
        if (_tls is null || wire.IsSecured)
            return _versions == HttpVersions.Http2;
        return wire.Tls!.Info.ApplicationProtocol == "h2";
    }

    private HttpConnection ConnectionOn(Wire wire, TlsUpgrade? tls, TlsConnectionInfo? proxyTls, bool isBlocking)
    {
        var identity = new HttpConnectionInfo
        {
            Id = HttpConnection.NextId(),
            LocalEndPoint = wire.LocalEndPoint,
            RemoteEndPoint = wire.RemoteEndPoint,
            Tls = tls is null ? null : wire.Tls!.Info,
            Proxy = _hop?.Proxy.Url,
            ProxyTls = proxyTls,
        };
        return SpeaksHttp2(wire)
            ? NewHttp2Connection(wire, identity, isBlocking, tls)
            : new Http1Connection(wire, identity, _options.Limits, _options.Clock, isBlocking, _options.Leniency);
    }

    // By itself, so that a connection of HTTP/1.1 makes no closure.
    private Http2Connection NewHttp2Connection(Wire wire, HttpConnectionInfo identity, bool isBlocking, TlsUpgrade? tls) =>
        new(wire, identity, _origin.Scheme, _options, isBlocking, _streams, tls is null ? null : () => OfferHttp11Only(tls));

    // What a server has said once by HTTP_1_1_REQUIRED is remembered for as long as the pool (RFC 9113, section 7).
    private void OfferHttp11Only(TlsUpgrade used)
    {
        if (_versions.HasFlag(HttpVersions.Http11))
            Interlocked.CompareExchange(ref _tls, used.With(HttpVersions.Http11), used);
    }

    private static TlsUpgrade Upgrade(in Origin origin, TlsOptions tls, ProxyHop? hop, HttpVersions versions, PoolOptions options)
    {
        // A session that the proxy left behind is not offered to the origin, which may bear the same name (PX-09).
        bool isNamesake = hop is { Proxy.Url.Scheme: "https" } && hop.Proxy.Host.Name == origin.HostName.Name;
        TlsOptions own = isNamesake ? tls with { AllowTlsResume = false } : tls;
        return new TlsUpgrade(own, origin.HostName.Name, options.SslOptions?.Invoke(), versions: versions);
    }
}
