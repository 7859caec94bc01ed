using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>The ways through proxies.</summary>
public enum Way
{
    /// <summary>An HTTP proxy forwards.</summary>
    Forward,

    /// <summary>An HTTP proxy with TLS forwards.</summary>
    SecureForward,

    /// <summary>An HTTP proxy opens a tunnel, with TLS in it.</summary>
    Tunnel,

    /// <summary>An HTTP proxy with TLS opens a tunnel, with TLS in it.</summary>
    SecureTunnel,

    /// <summary>A SOCKS 5 proxy, plain HTTP.</summary>
    Socks,

    /// <summary>A SOCKS 4a proxy, with TLS to the origin.</summary>
    SocksTls,

    /// <summary>An HTTP proxy that is reached through a SOCKS proxy opens a tunnel.</summary>
    TunnelViaSocks,
}

/// <summary>An origin, and all the proxies that lead to it.</summary>
public sealed class ProxyWays : IDisposable
{
    private readonly TunnelProxy _plain, _tls, _secure, _toTls, _viaPlain;
    private readonly TlsOptions _trustProxies;

    /// <summary>Starts everything.</summary>
    public ProxyWays(IssuedCertificate origin, IssuedCertificate proxy, TlsOptions trustProxies)
    {
        _trustProxies = trustProxies;
        Origin = HttpBinServer.Start(new() { Certificate = origin });
        Forwarder = HttpBinServer.Start(new() { Certificate = proxy });
        _plain = TunnelProxy.Start(Origin.Port);
        _tls = TunnelProxy.Start(Origin.TlsPort);
        _secure = TunnelProxy.Start(Origin.TlsPort, proxy);
        _toTls = TunnelProxy.Start(Origin.TlsPort);
        _viaPlain = TunnelProxy.Start(_toTls.Port);
    }

    /// <summary>The origin; behind a forwarding proxy, that proxy itself.</summary>
    public HttpBinServer Origin { get; }

    /// <summary>What forwards, and answers in place of the origin.</summary>
    public HttpBinServer Forwarder { get; }

    /// <summary>How many connections to proxies are open.</summary>
    public int OpenConnections => Forwarder.OpenConnections + _plain.OpenConnections + _tls.OpenConnections + _secure.OpenConnections
        + _toTls.OpenConnections + _viaPlain.OpenConnections;

    /// <summary>The proxy of a way, and the URL of the origin without a slash at the end.</summary>
    public (ProxyOptions Proxy, string Url) this[Way way] => way switch
    {
        Way.Forward => ($"http://127.0.0.1:{Forwarder.Port}", "http://a.origin.test"),
        Way.SecureForward => (new ProxyOptions($"https://localhost:{Forwarder.TlsPort}") { Tls = _trustProxies }, "http://a.origin.test"),
        Way.Tunnel => (_tls.Url("http"), "https://a.origin.test"),
        Way.SecureTunnel => (new ProxyOptions(_secure.Url("https")) { Tls = _trustProxies }, "https://a.origin.test"),
        Way.Socks => (_plain.Url("socks5h"), "http://a.origin.test"),
        Way.SocksTls => (_tls.Url("socks4a"), "https://a.origin.test"),
        _ => (new ProxyOptions("http://proxy.test:3128") { Via = _viaPlain.Url("socks5h") }, "https://a.origin.test"),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach([_plain, _tls, _secure, _toTls, _viaPlain], static p => p.Dispose());
        Forwarder.Dispose();
        Origin.Dispose();
    }
}
