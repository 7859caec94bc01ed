using System.Globalization;
using System.Net;
using Urllib4.Diagnostics;
using Urllib4.Policies;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>Where a <see cref="Dialer"/> is to connect to: the origin, or the proxy on the way to it.</summary>
/// <remarks>
/// Immutable, so safe to share between threads. A copy made with <c>with</c> keeps the limits and the report of the call it was made for:
/// <c>tcp.Dial(target with { Host = "127.0.0.1" }, token)</c> dials elsewhere under the same name.
/// </remarks>
public sealed record DialTarget
{
    /// <summary>
    /// Creates a target that belongs to no call, with the default limits: for tests of a dialer, and for calling one directly.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="port">The port.</param>
    /// <exception cref="ArgumentException">The host is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not one of 0 to 65535.</exception>
    public DialTarget(string host, int port)
    {
        Host = host;
        Port = port;
    }

    /// <summary>
    /// The host: lower case, ASCII, with the trailing dot it was written with; an address as it is, an IPv6 one without brackets,
    /// a link-local one with the zone it was written with: <c>fe80::1%eth0</c>.
    /// </summary>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public string Host
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value, nameof(Host));
            field = value;
        }
    }

    /// <summary>The port.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of 0 to 65535.</exception>
    public int Port
    {
        get;
        init => field = value is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Port), value, "A port is one of 0 to 65535.");
    }

    /// <summary>What messages call it.</summary>
    internal string Peer
    {
        get => field ?? ToString();
        init;
    }

    /// <summary>Who resolves the host, where to connect from, and the clock of every limit.</summary>
    internal DialSettings Settings { get; init; } = DialSettings.Default;

    /// <summary>The limit of each phase.</summary>
    internal HttpTimeout Timeout { get; init; } = HttpTimeout.Default;

    /// <summary>The deadline of the call.</summary>
    internal Deadline Total { get; init; }

    /// <summary>Writes down what it comes to, if somebody wants to know.</summary>
    internal CallRecorder? Recorder { get; init; }

    /// <summary>Host and port.</summary>
    /// <returns>For example <c>example.com:80</c> or <c>[::1]:8080</c>.</returns>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
