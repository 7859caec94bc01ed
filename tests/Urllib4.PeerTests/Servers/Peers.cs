using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

[assembly: AssemblyFixture(typeof(Peers))]

namespace Urllib4.PeerTests.Servers;

/// <summary>
/// All peers of the assembly. Each one starts when a test first asks for it, serves all tests, and stops when the last test is over.
/// </summary>
/// <remarks>Asking for a peer that is not installed ends the test. Safe for use by several tests at once.</remarks>
public sealed class Peers : IDisposable
{
    private readonly List<PeerServer> _started = [];
    private readonly Lazy<HttpBinPeer> _httpBin;
    private readonly Lazy<NginxPeer> _nginx;
    private readonly Lazy<HaproxyPeer> _haproxy;
    private readonly Lazy<SquidPeer> _squid;
    private readonly Lazy<TinyproxyPeer> _tinyproxy;
    private readonly Lazy<TinyproxyPeer> _guardedTinyproxy;
    private readonly Lazy<MitmdumpPeer> _mitmdump;
    private readonly Lazy<DantePeer> _dante;
    private readonly Lazy<MicrosocksPeer> _microsocks;
    private readonly Lazy<KerberosPeer> _kerberos;
    private readonly Lazy<ApachePeer> _apache;
    private readonly Lazy<OpenSslPeer> _openSsl;
    private readonly Lazy<NghttpdPeer> _nghttpd;
    private readonly Lazy<NghttpxPeer> _nghttpx;
    private readonly Lazy<CaddyPeer> _caddy;
    private readonly Lazy<H2oPeer> _h2o;
    private readonly Lazy<ApacheHttp2Peer> _apacheHttp2;
    private readonly Lazy<NodePeer> _node;

    /// <summary>Founds the authority, and starts nothing.</summary>
    public Peers()
    {
        _httpBin = Lazily(static () => new HttpBinPeer());
        _nginx = Lazily(() => new NginxPeer(Authority));
        _haproxy = Lazily(() => new HaproxyPeer(Authority, Nginx.Port));
        _squid = Lazily(() => new SquidPeer(Authority));
        _tinyproxy = Lazily(static () => new TinyproxyPeer(user: null));
        _guardedTinyproxy = Lazily(static () => new TinyproxyPeer(ProxyUser.Known));
        _mitmdump = Lazily(() => new MitmdumpPeer(Authority));
        _dante = Lazily(static () => new DantePeer());
        _microsocks = Lazily(static () => new MicrosocksPeer());
        _kerberos = Lazily(static () => new KerberosPeer());
        _apache = Lazily(() => new ApachePeer(_kerberos.Value));
        _openSsl = Lazily(() => new OpenSslPeer(Authority));
        _nghttpd = Lazily(() => new NghttpdPeer(Authority));
        _nghttpx = Lazily(() => new NghttpxPeer(Authority, Nginx.Port));
        _caddy = Lazily(() => new CaddyPeer(Authority));
        _h2o = Lazily(() => new H2oPeer(Authority));
        _apacheHttp2 = Lazily(() => new ApacheHttp2Peer(Authority));
        _node = Lazily(() => new NodePeer(Authority));
    }

    /// <summary>
    /// Who signed the certificates of all peers (but not those that mitmdump makes up), and whose client certificates they accept.
    /// </summary>
    public CertificateAuthority Authority { get; } = new();

    /// <summary>httpbin on gunicorn.</summary>
    public HttpBinPeer HttpBin => _httpBin.Value;

    /// <summary>nginx.</summary>
    public NginxPeer Nginx => _nginx.Value;

    /// <summary>haproxy in front of <see cref="Nginx"/>.</summary>
    public HaproxyPeer Haproxy => _haproxy.Value;

    /// <summary>squid, with and without users, in the clear and with TLS.</summary>
    public SquidPeer Squid => _squid.Value;

    /// <summary>tinyproxy, open to all.</summary>
    public TinyproxyPeer Tinyproxy => _tinyproxy.Value;

    /// <summary>tinyproxy, open to <see cref="ProxyUser.Known"/> only.</summary>
    public TinyproxyPeer GuardedTinyproxy => _guardedTinyproxy.Value;

    /// <summary>mitmdump, which opens TLS and closes it again with certificates of its own.</summary>
    public MitmdumpPeer Mitmdump => _mitmdump.Value;

    /// <summary>dante, a SOCKS 4 and 5 proxy open to all.</summary>
    public DantePeer Dante => _dante.Value;

    /// <summary>microsocks, a SOCKS 5 proxy open to <see cref="ProxyUser.Known"/> only.</summary>
    public MicrosocksPeer Microsocks => _microsocks.Value;

    /// <summary>Apache, with a page for whoever Kerberos knows.</summary>
    public ApachePeer Apache => _apache.Value;

    /// <summary>openssl s_server, for whoever has a certificate.</summary>
    public OpenSslPeer OpenSsl => _openSsl.Value;

    /// <summary>nghttpd: HTTP/2, and nothing else.</summary>
    public NghttpdPeer Nghttpd => _nghttpd.Value;

    /// <summary>nghttpx in front of <see cref="Nginx"/>.</summary>
    public NghttpxPeer Nghttpx => _nghttpx.Value;

    /// <summary>caddy.</summary>
    public CaddyPeer Caddy => _caddy.Value;

    /// <summary>h2o.</summary>
    public H2oPeer H2o => _h2o.Value;

    /// <summary>Apache with mod_http2.</summary>
    public ApacheHttp2Peer ApacheHttp2 => _apacheHttp2.Value;

    /// <summary>Node in odd moods.</summary>
    public NodePeer Node => _node.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        _started.ForEach(static p => p.Dispose());
        Authority.Dispose();
    }

    private Lazy<T> Lazily<T>(Func<T> make)
        where T : PeerServer => new(() =>
        {
            T peer = make();
            lock (_started)
                _started.Add(peer);
            peer.Start();
            return peer;
        });
}
