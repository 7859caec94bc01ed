namespace Urllib4.PeerTests.Servers;

/// <summary>dante: a SOCKS 4 and 5 proxy open to all. It does not know 4a, the names in SOCKS 4.</summary>
/// <remarks>Its users would have to be users of the machine, which tests do not make; microsocks has users of its own.</remarks>
public sealed class DantePeer : PeerServer
{
    /// <summary>A port that the proxy refuses to connect to by its rules.</summary>
    public const int RefusedPort = 9;

    /// <summary>Makes sure that it is installed.</summary>
    public DantePeer()
        : base("danted", "dante-server")
    {
    }

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        Port = TakePort();
        string configuration = Write("danted.conf", $$"""
            logoutput: stdout
            internal: 127.0.0.1 port = {{Port}}
            external: 127.0.0.1
            clientmethod: none
            socksmethod: none
            client pass {
                from: 127.0.0.0/8 to: 0.0.0.0/0
            }
            socks block {
                from: 127.0.0.0/8 to: 0.0.0.0/0 port = {{RefusedPort}}
            }
            socks pass {
                from: 127.0.0.0/8 to: 0.0.0.0/0
                protocol: tcp
                log: connect
            }

            """);
        return ["-f", configuration, "-p", Path.Combine(Home, "danted.pid")];
    }
}
