using System.Runtime.CompilerServices;

namespace Urllib4;

/// <summary>
/// How long each phase of a call may take, and the whole of it; urllib3's <c>Timeout</c>, with the phases it merges told apart.
/// Each limit ends in its own exception below <see cref="HttpTimeoutException"/>.
/// </summary>
/// <remarks>
/// Every limit but <see cref="Total"/> is finite by default and starts afresh with each attempt. Limits are greater than zero;
/// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> means no limit. Immutable, so safe to share between threads.
/// </remarks>
public sealed record HttpTimeout
{
    /// <summary>The defaults: ten seconds for each step of connecting, sixty for each wait for the server, no limit on the whole.</summary>
    public static HttpTimeout Default { get; } = new();

    /// <summary>No limit on anything: a silent server holds the call until it is cancelled.</summary>
    public static HttpTimeout Infinite { get; } = new()
    {
        Pool = System.Threading.Timeout.InfiniteTimeSpan,
        Resolve = System.Threading.Timeout.InfiniteTimeSpan,
        Connect = System.Threading.Timeout.InfiniteTimeSpan,
        Proxy = System.Threading.Timeout.InfiniteTimeSpan,
        Tls = System.Threading.Timeout.InfiniteTimeSpan,
        Send = System.Threading.Timeout.InfiniteTimeSpan,
        Read = System.Threading.Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// Wait for a slot of a pool that blocks. Default 60 s. Ends in <see cref="PoolTimeoutException"/>. urllib3's <c>pool_timeout</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Pool { get; init => field = Checked(value); } = TimeSpan.FromSeconds(60);

    /// <summary>Look-up of the host's addresses. Default 10 s. Ends in <see cref="NameResolutionTimeoutException"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Resolve { get; init => field = Checked(value); } = TimeSpan.FromSeconds(10);

    /// <summary>The TCP connection, over all addresses tried. Default 10 s. Ends in <see cref="ConnectTimeoutException"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Connect { get; init => field = Checked(value); } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The talk with a proxy, from the open TCP connection to the open way. Default 10 s. Ends in <see cref="ProxyTimeoutException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Proxy { get; init => field = Checked(value); } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// One TLS handshake, the checks of the certificate included. Default 10 s. Ends in <see cref="TlsTimeoutException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Tls { get; init => field = Checked(value); } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Each write of a part of the request, until the network has taken it. Default 60 s. Ends in <see cref="SendTimeoutException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Send { get; init => field = Checked(value); } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a body announced with <c>Expect: 100-continue</c> waits for the server's word before it is sent all the same. Default 1 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Continue { get; init => field = Checked(value); } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The response head, from the end of the request to the last byte of the head. Default null: as long as <see cref="Read"/>.
    /// Ends in <see cref="ReadTimeoutException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan? Head { get; init => field = value is { } limit ? Checked(limit) : null; }

    /// <summary>Silence between two parts of the response body. Default 60 s. Ends in <see cref="ReadTimeoutException"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Read { get; init => field = Checked(value); } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The whole call: queueing, every attempt and redirect, the pauses between them, and the body to its end. Default: no limit.
    /// Ends in <see cref="TotalTimeoutException"/>. A true deadline, unlike urllib3's <c>total</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Total { get; init => field = Checked(value); } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>
    /// The least rate of a response body, in bytes a second, taken over <see cref="ThroughputWindow"/>. Default 0: any rate will do.
    /// Ends in <see cref="ThroughputException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not a number.</exception>
    public double MinimumBytesPerSecond
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(MinimumBytesPerSecond), value, "A rate is a finite number of bytes, zero or more.");
    }

    /// <summary>The time over which <see cref="MinimumBytesPerSecond"/> is taken. Default 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan ThroughputWindow { get; init => field = Checked(value); } = TimeSpan.FromSeconds(10);

    /// <summary>The limit on the response head that holds: <see cref="Head"/>, or <see cref="Read"/> where it is null.</summary>
    internal TimeSpan EffectiveHead => Head ?? Read;

    /// <summary>The defaults with some limits set in seconds, as urllib3 writes them; a limit that is left out keeps its default.</summary>
    /// <param name="connect">For <see cref="Resolve"/>, <see cref="Connect"/>, <see cref="Proxy"/> and <see cref="Tls"/>, each.</param>
    /// <param name="read">For <see cref="Read"/>, and so for the head as well.</param>
    /// <param name="total">For <see cref="Total"/>.</param>
    /// <returns>A new value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is zero, negative, or too large for a <see cref="TimeSpan"/>.</exception>
    public static HttpTimeout Seconds(double? connect = null, double? read = null, double? total = null)
    {
        HttpTimeout timeout = Default;
        if (connect is { } c)
        {
            TimeSpan span = Span(c, nameof(connect));
            timeout = timeout with { Resolve = span, Connect = span, Proxy = span, Tls = span };
        }

        if (read is { } r)
            timeout = timeout with { Read = Span(r, nameof(read)) };
        if (total is { } t)
            timeout = timeout with { Total = Span(t, nameof(total)) };
        return timeout;

        static TimeSpan Span(double seconds, string name) =>
            seconds > 0 && seconds <= TimeSpan.MaxValue.TotalSeconds / 2
                ? TimeSpan.FromSeconds(seconds)
                : throw new ArgumentOutOfRangeException(name, seconds, "A timeout is greater than zero; leave it out to keep the default.");
    }

    private static TimeSpan Checked(TimeSpan value, [CallerMemberName] string? name = null) =>
        value > TimeSpan.Zero || value == System.Threading.Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "A timeout is greater than zero; Timeout.InfiniteTimeSpan means none.");
}
