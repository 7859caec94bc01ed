using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>squid as a forward proxy that caches nothing: for all, for users with Basic or Digest, and with TLS.</summary>
public sealed class SquidPeer : PeerServer
{
    /// <summary>A port to which no tunnel is allowed: CONNECT is answered with 403.</summary>
    public const int RefusedPort = 9;

    private const string Realm = "peers";

    // What the Basic checker of squid wants: ProxyUser.Known.Password, salted and hashed.
    private const string PasswordHash = "$apr1$urllib4x$aERK9albgjB7Kevggq7JX.";

    private readonly CertificateAuthority _authority;

    /// <summary>Makes sure that it is installed, with the TLS that only one of the two packages of it has.</summary>
    /// <param name="authority">Signs its certificate for localhost and 127.0.0.1, and those of the servers that it trusts.</param>
    public SquidPeer(CertificateAuthority authority)
        : base("squid", "squid-openssl")
    {
        _authority = authority;
        InstalledFile.Require("/usr/lib/squid/security_file_certgen", "squid-openssl");
    }

    /// <summary>The port open to all.</summary>
    public int Port { get; private set; }

    /// <summary>The port open to all whose clients speak TLS with the proxy itself.</summary>
    public int TlsPort { get; private set; }

    /// <summary>The port that asks for <see cref="ProxyUser.Known"/> by Basic.</summary>
    public int BasicPort { get; private set; }

    /// <summary>The port that asks for <see cref="ProxyUser.Known"/> by Digest.</summary>
    public int DigestPort { get; private set; }

    /// <inheritdoc/>
    protected override string? User => "proxy";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        OpenToUser();
        using (IssuedCertificate certificate = _authority.Issue("localhost", "127.0.0.1"))
            certificate.WriteTo(Home);
        Write("root.pem", _authority.RootPem);
        Write("basic.txt", $"{ProxyUser.Known.Name}:{PasswordHash}\n");
        Write("digest.txt", $"{ProxyUser.Known.Name}:{ProxyUser.Known.Password}\n");
        Port = TakePort();
        TlsPort = TakePort();
        BasicPort = TakePort();
        DigestPort = TakePort();
        return ["-N", "-f", Write("squid.conf", Configuration())];
    }

    // Squid refuses to be root, and writes into its directory as somebody else.
    private void OpenToUser()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Home, (UnixFileMode)0b111_111_111);
    }

    private string Configuration() => $"""
        http_port 127.0.0.1:{Port}
        http_port 127.0.0.1:{BasicPort} name=basic
        http_port 127.0.0.1:{DigestPort} name=digest
        https_port 127.0.0.1:{TlsPort} tls-cert={Home}/cert.pem tls-key={Home}/key.pem

        tls_outgoing_options cafile={Home}/root.pem

        auth_param basic program /usr/lib/squid/basic_ncsa_auth {Home}/basic.txt
        auth_param basic children 1 startup=0
        auth_param basic realm {Realm}
        auth_param digest program /usr/lib/squid/digest_file_auth {Home}/digest.txt
        auth_param digest children 1 startup=0
        auth_param digest realm {Realm}

        acl basic_port myportname basic
        acl digest_port myportname digest
        acl user proxy_auth REQUIRED
        acl refused port {RefusedPort}
        acl CONNECT method CONNECT
        auth_schemes basic basic_port
        auth_schemes digest digest_port
        http_access deny CONNECT refused
        http_access deny basic_port !user
        http_access deny digest_port !user
        http_access allow all

        access_log stdio:{AccessLog}
        strip_query_terms off
        cache_log {Home}/cache.log
        cache deny all
        cache_mem 8 MB
        pid_filename none
        coredump_dir {Home}
        pinger_enable off
        max_filedescriptors 1024
        shutdown_lifetime 0 seconds
        visible_hostname squid.invalid

        """;
}
