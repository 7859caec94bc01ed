namespace Urllib4.Connections;

/// <summary>How a pool gets a new connection: proxy, dial, tunnel, TLS, protocol, all behind one call.</summary>
internal interface IConnectionFactory
{
    /// <summary>The proxy that requests over these connections are written for, so that it sends them on; else null.</summary>
    ProxyHop? Forwarder => null;

    /// <summary>Opens a connection of the caller's kind, ready for its first request.</summary>
    /// <param name="isBlocking">How the caller waits, as a value: see <see cref="Exchange"/>.</param>
    /// <param name="terms">For whom.</param>
    /// <exception cref="HttpException">It could not be opened; nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing is left behind.</exception>
    ValueTask<HttpConnection> Open(bool isBlocking, ConnectTerms terms);
}
