using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>
/// A server that speaks HTTP/2 over TLS, with these resources:
/// <list type="bullet">
/// <item><c>/small.txt</c>, <c>/ten-megabytes.bin</c>: the files of <see cref="WebRoot"/></item>
/// <item><c>/upload</c>: reads the body, and answers with it, or with its length and, in X-Body-Crc32, its checksum</item>
/// </list>
/// </summary>
public abstract class Http2Peer : PeerServer
{
    private readonly CertificateAuthority _authority;
    private BodySink? _sink;

    /// <summary>Makes sure that it is installed.</summary>
    /// <param name="executable">The name of its program.</param>
    /// <param name="package">The package it comes from.</param>
    /// <param name="authority">Signs its certificate for localhost and 127.0.0.1.</param>
    protected Http2Peer(string executable, string package, CertificateAuthority authority)
        : base(executable, package) => _authority = authority;

    /// <summary>Where it is, without a slash at the end.</summary>
    public string Url => $"https://localhost:{Port}";

    /// <summary>The port with TLS.</summary>
    public int Port { get; private set; }

    /// <summary>Where <c>/upload</c> is answered by a server that cannot do it by itself; runs from the first use on.</summary>
    protected string Sink => $"127.0.0.1:{(_sink ??= new BodySink()).Port}";

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<string> Configure()
    {
        // Some of them become somebody else, who has to read all this.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Home, (UnixFileMode)0b111_111_111);
        using (IssuedCertificate certificate = _authority.Issue("localhost", "127.0.0.1"))
            certificate.WriteTo(Home);
        Port = TakePort();
        return ConfigureHttp2();
    }

    /// <summary>Writes the configuration; cert.pem and key.pem are there.</summary>
    /// <returns>The arguments of the program.</returns>
    protected abstract IReadOnlyList<string> ConfigureHttp2();

    /// <summary>Writes the files.</summary>
    /// <returns>Their directory.</returns>
    protected string WriteFiles()
    {
        string www = Path.Combine(Home, "www");
        WebRoot.WriteTo(www);
        return www;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _sink?.Dispose();
    }
}
