using System.Net;
using System.Net.Sockets;
using Urllib4.Policies;
using Urllib4.Policies.Auth;
using Urllib4.Primitives;
using Urllib4.Protocol.Socks;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// One proxy, reached and asked in one way: made once for a configuration, and shared by all who go through it, so that what it asks for
/// has to be learned only once.
/// </summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class ProxyHop
{
    private readonly ProxyOptions _proxy;
    private readonly PoolOptions _options;
    private readonly DialSettings _dialing;
    private readonly string _peer;
    private readonly TlsUpgrade? _tls;
    private readonly Authenticator? _authenticator;

    public ProxyHop(ProxyOptions proxy, PoolOptions options, INameSource? names = null)
    {
        _proxy = proxy;
        _options = options;
        _dialing = options.ToDialSettings(names);
        _peer = $"the proxy {proxy.Url}";
        if (proxy.Url.Scheme == "https")
            _tls = new TlsUpgrade(proxy.Tls, proxy.Host.Name, options.SslOptions?.Invoke(), _peer);
        if (proxy.IsSocks)
            return;
        HttpAuth? auth = proxy.Auth ?? (proxy.Credential is { } known ? HttpAuth.Basic(known.User, known.Password) : null);
        _authenticator = auth?.NewAuthenticator(proxy.Host, forProxy: true);
        BindsConnections = auth?.IsBoundToConnection == true;
    }

    public ProxyOptions Proxy => _proxy;

    /// <summary>Whether the proxy is told who this side is once for a connection.</summary>
    public bool BindsConnections { get; }

    /// <summary>What the proxy is to be told of this side in the course of one request; null for nothing.</summary>
    public AuthHandshake? NewHandshake(string method, string target, RequestBody? body = null) =>
        _authenticator is null ? null : new AuthHandshake(_authenticator, method, target, body);

    /// <summary>Opens a connection to the proxy itself, TLS included where it is spoken.</summary>
    /// <exception cref="ProxyException">It cannot be reached; the reason is inside.</exception>
    /// <exception cref="TotalTimeoutException">The deadline of the call passed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<Wire> Reach<TMode>(ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        Wire? wire = null;
        try
        {
            wire = _proxy.Via is null
                ? await ConnectSteps.Dial<TMode>(_proxy.Host, _proxy.Port, _peer, _options.Dialer, _dialing, terms).ConfigureAwait(false)
                : await ThroughSocks<TMode>(_proxy.Via, _proxy.Host, _proxy.Port, _dialing, terms).ConfigureAwait(false);
            wire.Peer = _peer;
            if (_tls is not null)
                await ConnectSteps.Secure<TMode>(wire, _tls, terms).ConfigureAwait(false);
            return wire;
        }
        catch (Exception e)
        {
            wire?.Rest();
            wire?.Close();
            if (e is HttpException failure and not (TotalTimeoutException or ProxyException or InvalidRequestException))
                throw Unreachable(failure);
            throw;
        }
    }

    /// <summary>Opens a connection that leads through this proxy, which does SOCKS, to a host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="port">The port.</param>
    /// <param name="there">Who resolves the host, where this side does, and which addresses may be asked for.</param>
    /// <param name="terms">For whom.</param>
    /// <inheritdoc cref="Reach"/>
    public ValueTask<Wire> ThroughSocks<TMode>(HostName host, int port, DialSettings there, ConnectTerms terms)
        where TMode : struct, IWaitMode => ThroughSocks<TMode>(_proxy, host, port, there, terms);

    private async ValueTask<Wire> ThroughSocks<TMode>(
        ProxyOptions socks, HostName host, int port, DialSettings there, ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        string peer = $"the proxy {socks.Url}";
        SocksHandshake[] handshakes = await Handshakes<TMode>(socks, host, port, there, terms).ConfigureAwait(false);
        Deadline talkBy = Deadline.In(terms.Timeout.Proxy, _options.Clock);
        for (int i = 0; ; i++)
        {
            Wire wire;
            try
            {
                wire = await ConnectSteps.Dial<TMode>(socks.Host, socks.Port, peer, _options.Dialer, _dialing, terms).ConfigureAwait(false);
            }
            catch (HttpException e) when (e is not TotalTimeoutException)
            {
                throw Unreachable(e, socks);
            }

            SocksHandshake handshake = handshakes[i];
            try
            {
                await ConnectSteps.Talk(wire, terms, open => SocksTunnel.Open<TMode>(open, handshake)).ConfigureAwait(false);
                return wire;
            }
            catch (ProxyException) when (handshake.CannotReach && i < handshakes.Length - 1 && !talkBy.HasPassed)
            {
                // The next address is asked for on a connection of its own: this one is over (RFC 1928, section 6).
            }
        }
    }

    // One for each address that the proxy may be asked for, or for the name.
    private static async ValueTask<SocksHandshake[]> Handshakes<TMode>(
        ProxyOptions socks, HostName host, int port, DialSettings there, ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        bool isFour = socks.Url.Scheme is "socks4" or "socks4a";
        string user = socks.Credential?.User ?? "";
        string name = $"The proxy {socks.Url}";
        if (socks.ResolvesNames)
        {
            return isFour
                ? [new Socks4Handshake(host, port, user) { Proxy = name }]
                : [new Socks5Handshake(host, port, socks.Credential) { Proxy = name }];
        }

        IReadOnlyList<IPEndPoint> endpoints = await ConnectSteps.Resolve<TMode>(host, port, there, terms).ConfigureAwait(false);
        if (!isFour)
            return [.. endpoints.Select(endpoint => new Socks5Handshake(endpoint, socks.Credential) { Proxy = name })];
        // Without any address that SOCKS4 knows, the handshake says what is wrong with the others.
        IPEndPoint[] known = [.. endpoints.Where(static endpoint => endpoint.AddressFamily == AddressFamily.InterNetwork)];
        return [.. (known is [] ? endpoints : known).Select(endpoint => new Socks4Handshake(endpoint, user) { Proxy = name })];
    }

    /// <summary>The error that stands for one that has nothing to do with what is asked of the proxy.</summary>
    public ProxyException Unreachable(HttpException failure) => Unreachable(failure, _proxy);

    private static ProxyException Unreachable(HttpException failure, ProxyOptions proxy) =>
        new($"The proxy {proxy.Url} cannot be used: {failure.Sentence}", failure) { IsTransient = failure.IsTransient };
}
