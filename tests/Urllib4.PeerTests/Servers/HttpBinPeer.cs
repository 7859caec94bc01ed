namespace Urllib4.PeerTests.Servers;

/// <summary>httpbin on gunicorn: one process with 32 threads, which keeps idle connections for half a minute.</summary>
public sealed class HttpBinPeer : PeerServer
{
    /// <summary>Makes sure that it is installed.</summary>
    public HttpBinPeer()
        : base("gunicorn", "gunicorn") => InstalledFile.Require("/usr/lib/python3/dist-packages/httpbin", "python3-httpbin");

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <summary>Where it is, without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        Port = TakePort();
        // So many threads, because a request whose caller has given up goes on to occupy one.
        // Preloading makes a port that accepts connections mean an application that answers.
        return
        [
            "--preload", "--worker-class", "gthread", "--threads", "32", "--keep-alive", "30", "--bind", $"127.0.0.1:{Port}",
            "--worker-tmp-dir", Home, "--access-logfile", "-", "httpbin:app",
        ];
    }
}
