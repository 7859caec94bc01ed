namespace Urllib4.PeerTests.Servers;

/// <summary>Somebody whom a proxy lets through.</summary>
/// <param name="Name">The user name.</param>
/// <param name="Password">The password.</param>
public sealed record ProxyUser(string Name, string Password)
{
    /// <summary>The one user that every proxy with users knows.</summary>
    public static ProxyUser Known { get; } = new("alice", "wonder-land");
}
