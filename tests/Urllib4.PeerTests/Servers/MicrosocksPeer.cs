namespace Urllib4.PeerTests.Servers;

/// <summary>microsocks: a SOCKS 5 proxy that lets one user through (RFC 1929).</summary>
public sealed class MicrosocksPeer : PeerServer
{
    /// <summary>Makes sure that it is installed.</summary>
    public MicrosocksPeer()
        : base("microsocks", "microsocks")
    {
    }

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        Port = TakePort();
        return ["-i", "127.0.0.1", "-p", $"{Port}", "-u", ProxyUser.Known.Name, "-P", ProxyUser.Known.Password];
    }
}
