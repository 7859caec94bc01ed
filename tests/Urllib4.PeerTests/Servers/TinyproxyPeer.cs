namespace Urllib4.PeerTests.Servers;

/// <summary>tinyproxy, open to all or to one user. It speaks HTTP/1.0 to clients whose requests it forwards.</summary>
public sealed class TinyproxyPeer : PeerServer
{
    private readonly ProxyUser? _user;

    /// <summary>Makes sure that it is installed.</summary>
    /// <param name="user">The only one to be let through; null lets everybody through.</param>
    public TinyproxyPeer(ProxyUser? user)
        : base("tinyproxy", "tinyproxy-bin") => _user = user;

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        Port = TakePort();
        string users = _user is null ? "" : $"BasicAuth {_user.Name} {_user.Password}";
        string configuration = Write("tinyproxy.conf", $"""
            Listen 127.0.0.1
            Port {Port}
            Timeout 60
            MaxClients 100
            LogFile "{AccessLog}"
            LogLevel Connect
            {users}

            """);
        return ["-d", "-c", configuration];
    }
}
