using System.Globalization;
using System.Net;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>What can be said of one connection at one moment: a snapshot, which does not change afterwards.</summary>
/// <remarks>Immutable, so safe to read from any thread. Times are measured on the manager's <see cref="TimeProvider"/>.</remarks>
public sealed record HttpConnectionInfo
{
    /// <summary>A number that no other connection of this process has, counted from 1.</summary>
    public required long Id { get; init; }

    /// <summary>The address of this side, or null when the transport has none.</summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>The address that was dialed: the server's, or the proxy's. Null when the transport has none.</summary>
    public EndPoint? RemoteEndPoint { get; init; }

    /// <summary>What the TLS handshake with the origin came to; null without TLS, and where a proxy forwards the requests.</summary>
    public TlsConnectionInfo? Tls { get; init; }

    /// <summary>Scheme, host and port of the proxy it goes through, or null when there is none.</summary>
    public Url? Proxy { get; init; }

    /// <summary>What the TLS handshake with the proxy came to, or null without TLS to a proxy.</summary>
    public TlsConnectionInfo? ProxyTls { get; init; }

    /// <summary>Time since the connection was opened, right to some hundredths of a second.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>
    /// How long the connection had been idle before it took the current request, right to some hundredths of a second; zero for its first
    /// one.
    /// </summary>
    public TimeSpan IdleTime { get; init; }

    /// <summary>Requests this connection had completed before the current one; 0 means it was opened for it.</summary>
    public int RequestsServed { get; init; }

    /// <summary>Bytes of the current request handed to the network so far, head and body, as framed.</summary>
    public long BytesWritten { get; init; }

    /// <summary>Bytes of the current response received so far, head and body, as framed.</summary>
    public long BytesRead { get; init; }

    /// <summary>Whether the connection had already served a request before this one.</summary>
    public bool IsReused => RequestsServed > 0;

    /// <summary>For example <c>kept-alive connection #7, idle 61 s, 12 requests served, 412 bytes out, 0 in</c>.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}, {BytesWritten} bytes out, {BytesRead} in");

    private string Kind => IsReused
        ? $"kept-alive connection #{Id}, idle {FactText.Of(IdleTime)}, {FactText.Count(RequestsServed, "request")} served"
        : $"new connection #{Id}";
}
