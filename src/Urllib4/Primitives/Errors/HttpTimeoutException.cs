using System.Globalization;

namespace Urllib4;

/// <summary>
/// A limit of time ran out. Each limit has its own type below this one, so that they can be told apart by a catch clause.
/// </summary>
/// <remarks>Never thrown for a cancellation by the caller. After urllib3's <c>TimeoutError</c>.</remarks>
public abstract class HttpTimeoutException : HttpException
{
    private protected HttpTimeoutException(
        string what, HttpPhase phase, TimeSpan limit, TimeSpan elapsed, Exception? innerException, string advice = "")
        : base($"{what} within {Text(limit)} (waited {Text(elapsed)}){advice}.", phase, Initiator.Network, innerException)
    {
        Limit = limit;
        Elapsed = elapsed;
        IsTransient = true;
    }

    /// <summary>The limit that ran out.</summary>
    public TimeSpan Limit { get; }

    /// <summary>The time that had passed when it was noticed; at least <see cref="Limit"/>, but for the precision of the clock.</summary>
    public TimeSpan Elapsed { get; }

    private static string Text(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";
}

/// <summary>No slot of a blocking pool became free in time (<see cref="HttpTimeout.Pool"/>); urllib3's <c>EmptyPoolError</c>.</summary>
public sealed class PoolTimeoutException : HttpTimeoutException
{
    /// <summary>Creates the error for a pool that stayed full.</summary>
    /// <param name="pool">The pool, as it prints itself.</param>
    /// <param name="limit">The limit that ran out.</param>
    /// <param name="elapsed">The time waited.</param>
    public PoolTimeoutException(string pool, TimeSpan limit, TimeSpan elapsed)
        : this(pool, limit, elapsed, "")
    {
    }

    internal PoolTimeoutException(string pool, TimeSpan limit, TimeSpan elapsed, string advice)
        : base($"No connection of {pool} became free", HttpPhase.PoolWait, limit, elapsed, null, advice) => Initiator = Initiator.Us;
}

/// <summary>The resolver did not answer in time (<see cref="HttpTimeout.Resolve"/>).</summary>
public sealed class NameResolutionTimeoutException : HttpTimeoutException
{
    /// <summary>Creates the error for a host whose look-up took too long.</summary>
    /// <param name="host">The host that was asked for.</param>
    /// <param name="limit">The limit that ran out.</param>
    /// <param name="elapsed">The time waited.</param>
    public NameResolutionTimeoutException(string host, TimeSpan limit, TimeSpan elapsed)
        : base($"The resolver did not answer for '{host}'", HttpPhase.Resolve, limit, elapsed, null)
    {
    }
}

/// <summary>No TCP connection was made in time (<see cref="HttpTimeout.Connect"/>); urllib3's <c>ConnectTimeoutError</c>.</summary>
public sealed class ConnectTimeoutException : HttpTimeoutException
{
    /// <summary>Creates the error for an endpoint that did not answer.</summary>
    /// <param name="endpoint">Host and port that were dialed.</param>
    /// <param name="limit">The limit that ran out.</param>
    /// <param name="elapsed">The time waited.</param>
    /// <param name="innerException">What the platform said, if anything.</param>
    public ConnectTimeoutException(string endpoint, TimeSpan limit, TimeSpan elapsed, Exception? innerException = null)
        : base($"No connection to {endpoint}", HttpPhase.Connect, limit, elapsed, innerException)
    {
    }
}

/// <summary>The TLS handshake did not end in time (<see cref="HttpTimeout.Tls"/>).</summary>
public sealed class TlsTimeoutException : HttpTimeoutException
{
    /// <summary>Creates the error for a handshake that stalled.</summary>
    /// <param name="endpoint">Host and port that were dialed.</param>
    /// <param name="limit">The limit that ran out.</param>
    /// <param name="elapsed">The time waited.</param>
    public TlsTimeoutException(string endpoint, TimeSpan limit, TimeSpan elapsed)
        : base($"The TLS handshake with {endpoint} did not end", HttpPhase.Tls, limit, elapsed, null)
    {
    }
}

/// <summary>The proxy did not open the way in time (<see cref="HttpTimeout.Proxy"/>).</summary>
public sealed class ProxyTimeoutException : HttpTimeoutException
{
    /// <summary>Creates the error for a proxy that stayed silent.</summary>
    /// <param name="proxy">The proxy, without credentials.</param>
    /// <param name="limit">The limit that ran out.</param>
    /// <param name="elapsed">The time waited.</param>
    public ProxyTimeoutException(string proxy, TimeSpan limit, TimeSpan elapsed)
        : base($"The proxy {proxy} did not open the way", HttpPhase.Proxy, limit, elapsed, null) => Initiator = Initiator.Proxy;
}

/// <summary>The peer took none of the request for too long (<see cref="HttpTimeout.Send"/>).</summary>
public sealed class SendTimeoutException : HttpTimeoutException
{
    /// <summary>Creates the error for a write that stalled.</summary>
    /// <param name="limit">The limit that ran out.</param>
    /// <param name="elapsed">The time waited.</param>
    /// <param name="innerException">What the platform said, if anything.</param>
    public SendTimeoutException(TimeSpan limit, TimeSpan elapsed, Exception? innerException = null)
        : base("The server took nothing more of the request", HttpPhase.Send, limit, elapsed, innerException)
    {
    }
}

/// <summary>The server sent nothing for too long (<see cref="HttpTimeout.Read"/>); urllib3's <c>ReadTimeoutError</c>.</summary>
/// <remarks><see cref="HttpException.Phase"/> tells whether it was the response head or the body that stayed away.</remarks>
public class ReadTimeoutException : HttpTimeoutException
{
    /// <summary>Creates the error for a server that stayed silent.</summary>
    /// <param name="phase"><see cref="HttpPhase.Head"/> or <see cref="HttpPhase.Body"/>.</param>
    /// <param name="limit">The limit that ran out.</param>
    /// <param name="elapsed">The time waited.</param>
    /// <param name="innerException">What the platform said, if anything.</param>
    public ReadTimeoutException(HttpPhase phase, TimeSpan limit, TimeSpan elapsed, Exception? innerException = null)
        : this(phase == HttpPhase.Body ? "No more of the body came" : "No response head came", phase, limit, elapsed, innerException)
    {
    }

    private protected ReadTimeoutException(string what, HttpPhase phase, TimeSpan limit, TimeSpan elapsed, Exception? innerException)
        : base(what, phase, limit, elapsed, innerException)
    {
    }
}

/// <summary>The body arrived, but slower than the least rate asked for (<see cref="HttpTimeout.MinimumBytesPerSecond"/>).</summary>
public sealed class ThroughputException : ReadTimeoutException
{
    /// <summary>Creates the error for a body that dripped.</summary>
    /// <param name="bytes">Bytes received in the time observed.</param>
    /// <param name="minimumBytesPerSecond">The least rate asked for.</param>
    /// <param name="window">The time over which the rate is taken.</param>
    /// <param name="elapsed">The time observed.</param>
    public ThroughputException(long bytes, double minimumBytesPerSecond, TimeSpan window, TimeSpan elapsed)
        : base($"Only {bytes} bytes came, fewer than {minimumBytesPerSecond:0.#} a second,", HttpPhase.Body, window, elapsed, null)
    {
    }
}

/// <summary>
/// The deadline of the whole call passed (<see cref="HttpTimeout.Total"/>), counted over queueing, every attempt, every pause between
/// them and the body. <see cref="HttpException.Phase"/> tells where the call was at that moment.
/// </summary>
public sealed class TotalTimeoutException : HttpTimeoutException
{
    /// <summary>Creates the error for a call that took too long.</summary>
    /// <param name="phase">Where the call was when the deadline passed.</param>
    /// <param name="limit">The limit that ran out.</param>
    /// <param name="elapsed">The time since the call began.</param>
    /// <param name="innerException">What the platform said, if anything.</param>
    public TotalTimeoutException(HttpPhase phase, TimeSpan limit, TimeSpan elapsed, Exception? innerException = null)
        : base("The call did not end", phase, limit, elapsed, innerException)
    {
    }
}
