using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>The HTTP/2 of Node, in the odd moods that <c>moods.js</c> lists, with as much padding as there can be.</summary>
public sealed class NodePeer : Http2Peer
{
    /// <inheritdoc cref="Http2Peer(string, string, CertificateAuthority)"/>
    public NodePeer(CertificateAuthority authority)
        : base("node", "nodejs", authority)
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> ConfigureHttp2() =>
        [Path.Combine(AppContext.BaseDirectory, "moods.js"), $"{Port}", Home, WriteFiles()];
}
