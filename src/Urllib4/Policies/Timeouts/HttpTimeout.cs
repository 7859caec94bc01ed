using System.Runtime.CompilerServices;

namespace Urllib4;

/// <summary>
/// How long each phase of a call may take, and the whole of it; urllib3's <c>Timeout</c>, with the phases it merges told apart.
/// Each limit ends in its own exception below <see cref="HttpTimeoutException"/>.
/// </summary>
/// <remarks>
/// <para>Every limit but <see cref="Total"/> is finite by default and starts afresh with each attempt. Limits are greater than zero;
/// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> means no limit.</para>
/// <para>A limit that is not set reads as its default. In <see cref="RequestOptions.Timeout"/> it is the limit of the manager that holds
/// instead: a request replaces only the limits that it sets. Immutable, so safe to share between threads. Two values are equal when they
/// set the same limits to the same times.</para>
/// </remarks>
public sealed record HttpTimeout
{
    private static readonly TimeSpan _step = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _wait = TimeSpan.FromSeconds(60);

    // Null where nobody has set a limit, so that it can be told from one that was set to its default.
    private readonly TimeSpan? _pool, _resolve, _connect, _proxy, _tls, _send, _continue, _read, _total, _window;
    private readonly double? _rate;

    /// <summary>Makes one that sets no limit.</summary>
    public HttpTimeout()
    {
    }

    private HttpTimeout(HttpTimeout over, HttpTimeout below)
    {
        _pool = over._pool ?? below._pool;
        _resolve = over._resolve ?? below._resolve;
        _connect = over._connect ?? below._connect;
        _proxy = over._proxy ?? below._proxy;
        _tls = over._tls ?? below._tls;
        _send = over._send ?? below._send;
        _continue = over._continue ?? below._continue;
        _read = over._read ?? below._read;
        _total = over._total ?? below._total;
        _rate = over._rate ?? below._rate;
        _window = over._window ?? below._window;
        // Whoever shortens Read alone means the head as well, and whoever lengthens it does not.
        Head = over.Head ?? (below.Head is { } head && over._read is { } read ? Shorter(head, read) : below.Head);
    }

    /// <summary>
    /// The defaults: ten seconds for each step of connecting, sixty for each wait for the server, no limit on the whole. It sets nothing.
    /// </summary>
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
        Head = System.Threading.Timeout.InfiniteTimeSpan,
        Read = System.Threading.Timeout.InfiniteTimeSpan,
        Total = System.Threading.Timeout.InfiniteTimeSpan,
        MinimumBytesPerSecond = 0,
    };

    /// <summary>
    /// Wait for a slot of a pool that blocks. Default 60 s. Ends in <see cref="PoolTimeoutException"/>. urllib3's <c>pool_timeout</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Pool
    {
        get => _pool ?? _wait;
        init => _pool = Checked(value);
    }

    /// <summary>Look-up of the host's addresses. Default 10 s. Ends in <see cref="NameResolutionTimeoutException"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Resolve
    {
        get => _resolve ?? _step;
        init => _resolve = Checked(value);
    }

    /// <summary>The TCP connection, over all addresses tried. Default 10 s. Ends in <see cref="ConnectTimeoutException"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Connect
    {
        get => _connect ?? _step;
        init => _connect = Checked(value);
    }

    /// <summary>
    /// The talk with a proxy, from the open TCP connection to the open way. Default 10 s. Ends in <see cref="ProxyTimeoutException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Proxy
    {
        get => _proxy ?? _step;
        init => _proxy = Checked(value);
    }

    /// <summary>
    /// One TLS handshake, the checks of the certificate included. Default 10 s. Ends in <see cref="TlsTimeoutException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Tls
    {
        get => _tls ?? _step;
        init => _tls = Checked(value);
    }

    /// <summary>
    /// How long the server may take nothing while the request is being sent. Whatever it takes, or the network for it, begins the limit
    /// anew, so it does not bound the whole of a long upload: that is for <see cref="Total"/>. Default 60 s. Ends in <see
    /// cref="SendTimeoutException"/>, at the limit or an eighth of it later.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Send
    {
        get => _send ?? _wait;
        init => _send = Checked(value);
    }

    /// <summary>
    /// How long a body announced with <c>Expect: 100-continue</c> waits for the server's word before it is sent all the same. Default 1 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Continue
    {
        get => _continue ?? TimeSpan.FromSeconds(1);
        init => _continue = Checked(value);
    }

    /// <summary>
    /// The response head, from the end of the request to the last byte of the head. Default null: as long as <see cref="Read"/>.
    /// Ends in <see cref="ReadTimeoutException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan? Head { get; init => field = value is { } limit ? Checked(limit) : null; }

    /// <summary>Silence between two parts of the response body. Default 60 s. Ends in <see cref="ReadTimeoutException"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Read
    {
        get => _read ?? _wait;
        init => _read = Checked(value);
    }

    /// <summary>
    /// The whole call: queueing, every attempt and redirect, the pauses between them, and the body to its end. Default: no limit.
    /// Ends in <see cref="TotalTimeoutException"/>. A true deadline, unlike urllib3's <c>total</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan Total
    {
        get => _total ?? System.Threading.Timeout.InfiniteTimeSpan;
        init => _total = Checked(value);
    }

    /// <summary>
    /// The least rate of a response body, in bytes a second, taken over <see cref="ThroughputWindow"/>. Default 0: any rate will do.
    /// Ends in <see cref="ThroughputException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not a number.</exception>
    public double MinimumBytesPerSecond
    {
        get => _rate ?? 0;
        init => _rate = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(MinimumBytesPerSecond), value, "A rate is a finite number of bytes, zero or more.");
    }

    /// <summary>The time over which <see cref="MinimumBytesPerSecond"/> is taken. Default 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative, and not infinite.</exception>
    public TimeSpan ThroughputWindow
    {
        get => _window ?? _step;
        init => _window = Checked(value);
    }

    /// <summary>These limits where they are set, and those of a manager where they are not.</summary>
    internal HttpTimeout Over(HttpTimeout below) =>
        ReferenceEquals(below, Default) ? this : ReferenceEquals(this, Default) ? below : new HttpTimeout(this, below);

    /// <summary>The limit on the response head that holds: <see cref="Head"/>, or <see cref="Read"/> where it is null.</summary>
    internal TimeSpan EffectiveHead => Head ?? Read;

    /// <summary>Some limits in seconds, as urllib3 writes them; a limit that is left out is not set.</summary>
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

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other)
    {
        if (one == System.Threading.Timeout.InfiniteTimeSpan)
            return other;
        return other != System.Threading.Timeout.InfiniteTimeSpan && other < one ? other : one;
    }

    private static TimeSpan Checked(TimeSpan value, [CallerMemberName] string? name = null) =>
        value > TimeSpan.Zero || value == System.Threading.Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "A timeout is greater than zero; Timeout.InfiniteTimeSpan means none.");
}
