using Urllib4.Connections;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.TestKit;
using Urllib4.Transport;

namespace Urllib4.Tests.Connections.Http1;

/// <summary>One HTTP/1.1 connection over a peer in memory, and an owner who writes down what comes back.</summary>
internal sealed class Http1Rig : IConnectionOwner, IDisposable
{
    public Http1Rig(Dialogue dialogue, Mode mode = Mode.Blocking)
    {
        Peer = new ScriptedPeer(dialogue, Clock);
        Wire = new Wire(Peer.ClientEnd, Clock, mode == Mode.Blocking, "example.com:80");
        Connection = new Http1Connection(
            Wire, new HttpConnectionInfo { Id = HttpConnection.NextId() }, HttpLimits.Default, Clock, mode == Mode.Blocking);
    }

    public VirtualTime Clock { get; } = new();

    public ScriptedPeer Peer { get; }

    public Wire Wire { get; }

    public Http1Connection Connection { get; }

    /// <summary>For each time the connection came back, whether it may be used again.</summary>
    public List<bool> Returns { get; } = [];

    public static RequestHead Get => new("GET", "/", "example.com", [], BodyFraming.None);

    public void Return(HttpConnection connection, bool reusable) => Returns.Add(reusable);

    public void Dispose() => Wire.Close();

    /// <summary>Terms without a deadline and without a token.</summary>
    public static ExchangeTerms Terms(HttpTimeout? timeout = null) => new(timeout ?? HttpTimeout.Default, default, CancellationToken.None);
}
