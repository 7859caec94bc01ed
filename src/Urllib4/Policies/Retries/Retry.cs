using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Urllib4.Policies;

namespace Urllib4;

/// <summary>
/// How often, and when, a call tries again or follows a redirect; urllib3's <c>Retry</c>. A value: what it has counted so far is a new
/// value, and one object can serve any number of calls.
/// </summary>
/// <remarks>
/// <para>Every counter allows that many failures: with <c>Total = 3</c> the server is asked four times at most. Null means no limit of
/// this kind; <see cref="Total"/> bounds all kinds together, redirects included. A number converts: <c>Retries = 3</c> is
/// <c>new Retry { Total = 3 }</c>.</para>
/// <para>A failure of the way to the server is retried for any method, since nothing was sent. A failure after that, and a status, is
/// retried for <see cref="AllowedMethods"/> only; otherwise the failure itself is thrown. A refused certificate, a proxy that says no, a
/// full pool, an error in the content and a passed deadline are never retried.</para>
/// <para>Sent once more on a fresh connection, without taking from the counters and also under <see cref="None"/>: a request of which
/// nothing was processed, by any method; and one that a kept-alive connection swallowed by ending without a byte of a response, by an
/// idempotent method of <see cref="AllowedMethods"/>. <see cref="UrllibResponse.Attempts"/> counts them.</para>
/// <para>A pause that does not fit into what is left of <see cref="HttpTimeout.Total"/> ends the call at once: with the response, or with
/// <see cref="MaxRetryException"/>.</para>
/// <para>Immutable, so safe to share between threads. Two values are equal when all their members are, sets by content.</para>
/// </remarks>
public sealed partial record Retry
{
    private readonly ImmutableHashSet<int>? _statusForcelist;
    private readonly ImmutableHashSet<int>? _retryAfterStatusCodes;

    /// <summary>The methods of RFC 9110, section 9.2.2, that may be repeated: GET, HEAD, OPTIONS, TRACE, PUT and DELETE.</summary>
    public static ImmutableHashSet<string> DefaultAllowedMethods => Sets.Repeatable;

    /// <summary>
    /// The statuses of which RFC 9110 says that a <c>Retry-After</c> may come with them, and RFC 6585: 413, 429 and 503.
    /// </summary>
    public static ImmutableHashSet<int> DefaultRetryAfterStatusCodes => Sets.RetryAfter;

    /// <summary>
    /// For <see cref="AllowedMethods"/>: any method. Then a POST may be processed twice; urllib3 writes it as <c>None</c>.
    /// </summary>
    public static ImmutableHashSet<string> AnyMethod => Sets.Any;

    /// <summary>
    /// What a manager does when nothing is said: up to ten redirects, up to three failures of each kind, ten of all together, with short
    /// growing pauses after the second. urllib3's default object is <c>Retry(3)</c>, redirects included, without pauses.
    /// </summary>
    public static Retry Default { get; } = new()
    {
        Connect = 3,
        Read = 3,
        Status = 3,
        Other = 3,
        BackoffFactor = 0.1,
        BackoffJitter = TimeSpan.FromMilliseconds(100),
    };

    /// <summary>
    /// Nothing that would take from a counter, so neither retry nor follow: a failure is thrown as it is, and a redirect is returned as a
    /// response. urllib3's <c>False</c>. With <c>AllowedMethods = []</c> nothing is sent twice that the server may have read.
    /// </summary>
    public static Retry None { get; } = new() { Total = 0, RaiseOnRedirect = false, RaiseOnStatus = false, RaiseReason = true };

    /// <summary>
    /// Retry until it works, with pauses of up to <see cref="BackoffMax"/>; only a deadline or a cancellation ends it. Redirects stay at
    /// ten, since no patience ends a circle.
    /// </summary>
    public static Retry Unlimited { get; } = new()
    {
        Total = null,
        Redirect = 10,
        BackoffFactor = 0.1,
        BackoffJitter = TimeSpan.FromMilliseconds(100),
    };

    /// <summary>Failures and redirects in all. Default 10; null: only the other counters count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below -1, which stands for a counter that was passed.</exception>
    public int? Total { get; init => field = Counter(value); } = 10;

    /// <summary>Failures of the way to the server: resolver, TCP, proxy not reached, TLS handshake not ended. Default null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below -1.</exception>
    public int? Connect { get; init => field = Counter(value); }

    /// <summary>Failures after sending may have begun: silence, a broken connection, an unreadable response. Default null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below -1.</exception>
    public int? Read { get; init => field = Counter(value); }

    /// <summary>Redirects. Default null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below -1.</exception>
    public int? Redirect { get; init => field = Counter(value); }

    /// <summary>Responses that are retried for their status. Default null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below -1.</exception>
    public int? Status { get; init => field = Counter(value); }

    /// <summary>Other failures: TLS or a proxy, where it may pass. Default null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below -1.</exception>
    public int? Other { get; init => field = Counter(value); }

    /// <summary>
    /// Methods that may be sent again after sending may have begun, or for a status. Default <see cref="DefaultAllowedMethods"/>. Empty
    /// allows none, and <see cref="AnyMethod"/> all; urllib3 takes an empty set for all. Case does not count.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ImmutableHashSet<string> AllowedMethods { get => field ?? DefaultAllowedMethods; init => field = Names(value); }

    /// <summary>Statuses that are retried, as in <c>[429, 503]</c>. Default none.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ImmutableHashSet<int> StatusForcelist { get => _statusForcelist ?? []; init => _statusForcelist = NotNull(value); }

    /// <summary>
    /// Seconds that the pause grows from: before the n-th retry in a row it is <c>BackoffFactor · 2^(n−1)</c>, and nothing before the
    /// first. Default 0: no pause.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double BackoffFactor
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(BackoffFactor), value, "A factor is a finite number, zero or more.");
    }

    /// <summary>The longest pause of the back-off, its random part included. Default 120 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan BackoffMax { get; init => field = Duration(value); } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// The random part of a pause is at least zero and less than this. Default zero. It spreads out clients that failed together.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan BackoffJitter { get; init => field = Duration(value); }

    /// <summary>
    /// Whether a redirect that cannot be followed is an error: a counter is out, or a rule forbids it (<see cref="RedirectException"/>).
    /// When false, the response with the redirect is returned. Default true.
    /// </summary>
    public bool RaiseOnRedirect { get; init; } = true;

    /// <summary>
    /// Whether a status of <see cref="StatusForcelist"/> is an error when a counter is out. When false, the response is returned.
    /// Default true.
    /// </summary>
    public bool RaiseOnStatus { get; init; } = true;

    /// <summary>
    /// Whether the last failure itself is thrown when a counter is out, and not a <see cref="MaxRetryException"/> around it. Default false.
    /// </summary>
    public bool RaiseReason { get; init; }

    /// <summary>
    /// Whether <c>Retry-After</c> is obeyed: it takes the place of the back-off, and makes a status of
    /// <see cref="RetryAfterStatusCodes"/> worth a retry. Default true. A value that cannot be read counts as none.
    /// </summary>
    public bool RespectRetryAfterHeader { get; init; } = true;

    /// <summary>
    /// Statuses that are retried when a <c>Retry-After</c> comes with them, although <see cref="StatusForcelist"/> does not name them;
    /// urllib3's <c>RETRY_AFTER_STATUS_CODES</c>. Default <see cref="DefaultRetryAfterStatusCodes"/>; empty for none. Nothing is when
    /// <see cref="RespectRetryAfterHeader"/> is false.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ImmutableHashSet<int> RetryAfterStatusCodes
    {
        get => _retryAfterStatusCodes ?? DefaultRetryAfterStatusCodes;
        init => _retryAfterStatusCodes = NotNull(value);
    }

    /// <summary>The longest pause a <c>Retry-After</c> can cause; a longer one is cut. Default 60 s, where urllib3 has six hours.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan RetryAfterMax { get; init => field = Duration(value); } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Headers that never follow a redirect to another origin. Default none, because only headers known to be harmless follow one in any
    /// case (see <see cref="RedirectOptions"/>); this takes names out of that list. Case does not count.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ImmutableHashSet<string> RemoveHeadersOnRedirect { get => field ?? Sets.None; init => field = Names(value); }

    /// <summary>
    /// Asked before each retry that the counters allow: it may veto it or change the pause. Called by the thread that runs the call,
    /// with no lock held; what it throws ends the call. Default null. Not asked for redirects (<see cref="RedirectOptions.OnRedirect"/>).
    /// </summary>
    public Func<RetryContext, RetryDecision>? OnRetry { get; init; }

    /// <summary>The requests of this call that took from a counter, in order. Empty in a value that has counted nothing.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ImmutableList<RequestHistory> History { get => field ?? []; init => field = NotNull(value); }

    /// <summary>Whether a counter was passed. A counter of 0 was not: it allows no more, but nothing more has happened.</summary>
    public bool IsExhausted => ExhaustedCounter is not null;

    /// <summary>The name of the counter that was passed, or null when none was.</summary>
    internal string? ExhaustedCounter =>
        Connect < 0 ? nameof(Connect)
        : Read < 0 ? nameof(Read)
        : Redirect < 0 ? nameof(Redirect)
        : Status < 0 ? nameof(Status)
        : Other < 0 ? nameof(Other)
        : Total < 0 ? nameof(Total) : null;

    /// <summary>A number of retries, redirects included: <c>new Retry { Total = retries }</c>.</summary>
    /// <param name="retries">Zero or more; with 0 the first failure or redirect ends in <see cref="MaxRetryException"/>.</param>
    [SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "It has one: FromInt, as in urllib3.")]
    public static implicit operator Retry(int retries) => FromInt(retries);

    /// <summary>A number of retries, redirects included: <c>new Retry { Total = retries }</c>; urllib3's <c>from_int</c>.</summary>
    /// <param name="retries">Zero or more; with 0 the first failure or redirect ends in <see cref="MaxRetryException"/>.</param>
    /// <returns>A new value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Retry FromInt(int retries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retries);
        return new Retry { Total = retries };
    }

    /// <summary>Counts a failure; urllib3's <c>increment</c>.</summary>
    /// <param name="method">The method that was sent.</param>
    /// <param name="url">The URL that was asked for.</param>
    /// <param name="error">The failure.</param>
    /// <returns>A new value, with the counters taken down and the history longer by one.</returns>
    /// <exception cref="MaxRetryException">A counter is out.</exception>
    /// <exception cref="HttpException">
    /// The failure itself, when it is never retried, not for this method, or <see cref="RaiseReason"/> is set.
    /// </exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public Retry Increment(string method, Url url, HttpException error)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(error);
        Retry next = Count(method, url, error, anyMethod: false, out HttpException? end);
        if (end is not null)
            ExceptionDispatchInfo.Throw(end); // the failure may have been thrown before: its trace stays
        return next;
    }

    /// <summary>Counts a response that is retried or redirected; urllib3's <c>increment</c>.</summary>
    /// <param name="method">The method that was sent.</param>
    /// <param name="url">The URL that was asked for.</param>
    /// <param name="status">The status of the response.</param>
    /// <param name="redirectLocation">The <c>Location</c> of a redirect, as written; null when the status is the reason.</param>
    /// <returns>A new value, with the counters taken down and the history longer by one.</returns>
    /// <exception cref="MaxRetryException">
    /// A counter is out; its reason is a <see cref="ResponseException"/>. Thrown whatever <see cref="RaiseOnStatus"/> and
    /// <see cref="RaiseOnRedirect"/> say: they decide what the call makes of it.
    /// </exception>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> or <paramref name="url"/> is null.</exception>
    public Retry Increment(string method, Url url, int status, string? redirectLocation = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(url);
        Retry next = Count(method, url, status, redirectLocation, out MaxRetryException? end);
        return end is null ? next : throw end;
    }

    /// <summary>
    /// Whether a response is worth a retry for its status; urllib3's <c>is_retry</c>. Says nothing about the counters of a listed
    /// status.
    /// </summary>
    /// <param name="method">The method that was sent.</param>
    /// <param name="status">The status of the response.</param>
    /// <param name="hasRetryAfter">Whether the response has a <c>Retry-After</c> that is not empty.</param>
    /// <returns>
    /// True when the method is allowed and the status is listed, or carries an obeyed <c>Retry-After</c> with retries left.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    public bool IsRetry(string method, int status, bool hasRetryAfter = false)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Allows(method) && IsRetryStatus(status, hasRetryAfter);
    }

    /// <inheritdoc/>
    public bool Equals(Retry? other) => ReferenceEquals(this, other)
        || (other is not null
            && (Total, Connect, Read) == (other.Total, other.Connect, other.Read)
            && (Redirect, Status, Other) == (other.Redirect, other.Status, other.Other)
            && AllowedMethods.SetEquals(other.AllowedMethods)
            && StatusForcelist.SetEquals(other.StatusForcelist)
            && BackoffFactor.Equals(other.BackoffFactor)
            && (BackoffMax, BackoffJitter, RetryAfterMax) == (other.BackoffMax, other.BackoffJitter, other.RetryAfterMax)
            && (RaiseOnRedirect, RaiseOnStatus, RaiseReason) == (other.RaiseOnRedirect, other.RaiseOnStatus, other.RaiseReason)
            && RespectRetryAfterHeader == other.RespectRetryAfterHeader
            && RetryAfterStatusCodes.SetEquals(other.RetryAfterStatusCodes)
            && RemoveHeadersOnRedirect.SetEquals(other.RemoveHeadersOnRedirect)
            && OnRetry == other.OnRetry
            && History.SequenceEqual(other.History));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        Total,
        Connect,
        Read,
        Redirect,
        Status,
        BackoffFactor,
        StatusForcelist.Count,
        History.Count);

    /// <summary>
    /// The counters, in urllib3's words: <c>Retry(total=10, connect=None, read=None, redirect=None, status=None, other=None)</c>.
    /// </summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        return $"Retry(total={Text(Total)}, connect={Text(Connect)}, read={Text(Read)}, "
            + $"redirect={Text(Redirect)}, status={Text(Status)}, other={Text(Other)})";

        static string Text(int? counter) => counter?.ToString(CultureInfo.InvariantCulture) ?? "None";
    }

    private static int? Counter(int? value, [CallerMemberName] string? name = null) => value is not < -1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A counter is zero or more; -1 is one that was passed, null is no limit.");

    private static TimeSpan Duration(TimeSpan value, [CallerMemberName] string? name = null) => value >= TimeSpan.Zero
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A pause is zero or more.");

    private static ImmutableHashSet<string> Names(ImmutableHashSet<string>? value) =>
        NotNull(value).WithComparer(StringComparer.OrdinalIgnoreCase);

    private static T NotNull<T>(T? value) => value ?? throw new ArgumentNullException(nameof(value));

    // Made when a failure or a redirect asks for them: the first request of a process would spend 4 ms on them.
    private static class Sets
    {
        public static readonly ImmutableHashSet<string> None = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);
        public static readonly ImmutableHashSet<string> Repeatable = None.Union(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);
        public static readonly ImmutableHashSet<string> Any = None.Add("*");
        public static readonly ImmutableHashSet<int> RetryAfter = [413, 429, 503];
    }
}
