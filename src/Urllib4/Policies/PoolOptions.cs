using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using Urllib4.Policies;

namespace Urllib4;

/// <summary>What holds for every request of a manager or a one-host pool, unless a request says otherwise.</summary>
/// <remarks>Immutable, so safe to share between threads; derive another with <c>with</c>.</remarks>
public sealed record PoolOptions : OptionsRecord
{
    /// <summary>The defaults.</summary>
    public static PoolOptions Default { get; } = NewDefault();

    /// <summary>
    /// How many pools a manager keeps, one for each origin and way there; the least recently used one goes first. Default 100
    /// (urllib3: 10). An evicted pool finishes the requests it has.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int NumPools { get; init => field = AtLeast(1, value); } = 100;

    /// <summary>
    /// How many connections one pool keeps for reuse; with <see cref="Block"/> also how many it opens at the most. Default 32 (urllib3: 1).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxSize { get; init => field = AtLeast(1, value); } = 32;

    /// <summary>
    /// Whether a request waits for a connection when <see cref="MaxSize"/> are in use, for as long as <see cref="HttpTimeout.Pool"/>, in
    /// the order of arrival. Default false: it opens another one, which is closed afterwards instead of being kept.
    /// </summary>
    public bool Block { get; init; }

    /// <summary>
    /// How long a connection may lie idle before it is closed rather than used again. Default 30 s; infinite means for ever,
    /// zero that none is used again. Right to some hundredths of a second.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, and not infinite.</exception>
    public TimeSpan MaxIdleTime { get; init => field = NotNegative(value); } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How old a connection may become before it is closed rather than used again, so that changed addresses are noticed.
    /// Default 5 minutes; infinite means for ever, zero that none is used again. Right to some hundredths of a second.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, and not infinite.</exception>
    public TimeSpan MaxLifetime { get; init => field = NotNegative(value); } = TimeSpan.FromMinutes(5);

    /// <summary>How long each phase of a call may take. Default <see cref="HttpTimeout.Default"/>.</summary>
    public HttpTimeout Timeout { get; init; } = HttpTimeout.Default;

    /// <summary>
    /// Headers of every request; a request's own header of the same name takes its place. Copied when set; an initializer may also
    /// fill them. Default: none but
    /// <c>User-Agent</c> and <c>Accept-Encoding</c>, which <see cref="HttpHeaderDict.SkipHeader"/> leaves out.
    /// </summary>
    [AllowNull]
    public HttpHeaderDict Headers
    {
        get => field ?? (IsSealed ? HttpHeaderDict.Empty : field = []);
        init => field = value is null or { IsEmpty: true } ? null : value.AsReadOnly();
    }

    /// <summary>When to try again and how many redirects to follow. Default <see cref="Retry.Default"/>. A number converts.</summary>
    public Retry Retries { get; init; } = Retry.Default;

    /// <summary>
    /// The share of the traffic that retries may be, so that they cannot become a storm. Default <see cref="RetryBudget.Default"/>.
    /// </summary>
    public RetryBudget RetryBudget { get; init; } = RetryBudget.Default;

    /// <summary>How redirects are followed. Default <see cref="RedirectOptions.Default"/>.</summary>
    public RedirectOptions Redirects { get; init; } = RedirectOptions.Default;

    /// <summary>How large a body may be, or become, that is read as a whole. Default <see cref="DecodeLimits.Default"/>.</summary>
    public DecodeLimits DecodeLimits { get; init; } = DecodeLimits.Default;

    /// <summary>How the other side of a TLS connection is trusted. Default <see cref="TlsOptions.Default"/>.</summary>
    public TlsOptions Tls
    {
        // Made when TLS is spoken: options name what is in System.Security.Cryptography, which a plain request does not load.
        get => field ?? TlsOptions.Default;
        init => field = value == TlsOptions.Default ? null : value;
    }

    /// <summary>
    /// Which versions of HTTP are spoken. Default <see cref="HttpVersions.Http11"/>. With both, an https server that has HTTP/2 gets it, as
    /// the TLS handshake settles (ALPN), and every other HTTP/1.1. With <see cref="HttpVersions.Http2"/> alone there is no other: also
    /// an http server is spoken to in it, unasked. A proxy that forwards is always spoken to in HTTP/1.1, and so is a server that is
    /// asked to switch to another protocol (<c>Upgrade</c>).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value names no version, or one that there is not.</exception>
    public HttpVersions HttpVersions
    {
        get;
        init => field = value is > 0 and <= (HttpVersions.Http11 | HttpVersions.Http2)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(HttpVersions), value, "Name HTTP/1.1, HTTP/2 or both.");
    } = HttpVersions.Http11;

    /// <summary>
    /// The proxy through which everything goes that its <see cref="ProxyOptions.NoProxy"/> does not leave out. Default null: none. A text
    /// converts.
    /// </summary>
    public ProxyOptions? Proxy { get; init; }

    /// <summary>
    /// Chooses the proxies for a URL, instead of <see cref="Proxy"/>: they are tried in order until one can be reached, and one that could
    /// not is passed over for the next 30 seconds. <see cref="ProxyOptions.None"/> stands for a direct connection; so does an empty list.
    /// Asked before each attempt and for each hop of a redirect, from any thread; what it throws ends the call. A pool that stands alone
    /// takes the first one when it is made. Default null.
    /// </summary>
    public Func<Url, IReadOnlyList<ProxyOptions>>? ProxySelector { get; init; }

    /// <summary>
    /// Whether the variables <c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c>, <c>ALL_PROXY</c> and <c>NO_PROXY</c>, as they were when the manager
    /// was made, name a proxy where nothing else here does. Default false; <see cref="Urllib"/> does it.
    /// </summary>
    public bool TrustEnvironment { get; init; }

    /// <summary>
    /// Who knows the credentials of origins, unless the request has some of its own. Default null: nobody, so that challenges are
    /// results.
    /// </summary>
    public CredentialSource? Credentials { get; init; }

    /// <summary>What a server may send before it is cut off. Default <see cref="HttpLimits.Default"/>.</summary>
    public HttpLimits Limits { get; init; } = HttpLimits.Default;

    /// <summary>Which faults of responses are forgiven. Default <see cref="ResponseLeniency.None"/>.</summary>
    public ResponseLeniency Leniency { get; init; }

    /// <summary>Who turns hosts into addresses. Default null: the system's resolver.</summary>
    public Resolver? Resolver { get; init; }

    /// <summary>
    /// How long what the resolver says is kept, of origins and of proxies. Default <see cref="NameOptions.Default"/>: for its time to live,
    /// 30 seconds where it has none.
    /// </summary>
    public NameOptions Names { get; init; } = NameOptions.Default;

    /// <summary>
    /// Who opens connections, to origins and to proxies. Default null: a <see cref="TcpDialer"/>. One of your own gets the name of the host
    /// unresolved, and does not know <see cref="Resolver"/> and <see cref="SourceAddress"/> unless it calls a <see cref="TcpDialer"/>.
    /// </summary>
    public Dialer? Dialer { get; init; }

    /// <summary>
    /// The local address, and port unless 0, that connections are made from; urllib3's <c>source_address</c>. Default null: the system
    /// chooses.
    /// </summary>
    public IPEndPoint? SourceAddress { get; init; }

    /// <summary>
    /// How long an address of a host is dialed before the next one is dialed beside it, where a host has several; the first to answer is
    /// used (RFC 8305, section 5). An address that fails lets the next one begin at once. Default 250 ms. It is shortened, to no less than
    /// 100 ms, so that as many addresses as possible have their turn within <see cref="HttpTimeout.Connect"/>.
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for one after the other, each with its share of that limit; so it is for
    /// blocking calls on other systems than Linux.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is less than 10 ms, the least that the RFC allows, or longer than 1 day.
    /// </exception>
    public TimeSpan ConnectHeadStart
    {
        get;
        init => field = value == System.Threading.Timeout.InfiniteTimeSpan
            || (value >= TimeSpan.FromMilliseconds(10) && value <= TimeSpan.FromDays(1))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ConnectHeadStart), value, "A head start is 10 ms to 1 day, or infinite.");
    } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Where requests may go, for programs that fetch URLs of strangers: <see cref="EgressPolicy.PublicInternetOnly"/>. Default null:
    /// everywhere.
    /// </summary>
    public EgressPolicy? Egress { get; init; }

    /// <summary>Is told what happens in every call and to every connection. Default null: nobody, which costs nothing.</summary>
    public HttpEvents? Events { get; init; }

    /// <summary>
    /// How TLS is spoken where a program has said so in the platform's words, to a handler; before <see cref="Tls"/>. Default null.
    /// </summary>
    internal Func<SslClientAuthenticationOptions>? SslOptions { get; init; }

    /// <summary>
    /// Is shown the stream of each new connection, before HTTP is spoken on it, and gives the one to speak it on. A blocking caller holds
    /// its thread until it is done. Default null.
    /// </summary>
    internal Func<Stream, CancellationToken, ValueTask<Stream>>? StreamFilter { get; init; }

    /// <summary>
    /// Gives the <c>User-Agent</c> that a proxy is to see on the CONNECT that the present thread or flow sends; null for none.
    /// Default null.
    /// </summary>
    internal Func<string?>? TunnelUserAgent { get; init; }

    /// <summary>The clock and the timers of everything below. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What holds for every dial.</summary>
    /// <param name="names">What is remembered of the resolver's answers; null for nothing.</param>
    /// <param name="guard">Who says which addresses may be dialed; null for all, as on the way to a proxy.</param>
    internal DialSettings ToDialSettings(INameSource? names, EgressGuard? guard = null) =>
        new(Resolver, SourceAddress, Clock, guard, names) { HeadStart = ConnectHeadStart, Winner = new DialWinner() };

    private protected override void SealCollections()
    {
        Headers.Freeze();
        Proxy?.Seal();
    }

    private static PoolOptions NewDefault()
    {
        var options = new PoolOptions();
        options.Seal();
        return options;
    }

    private static int AtLeast(int least, int value, [CallerMemberName] string? name = null) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is at least {least}.");

    private static TimeSpan NotNegative(TimeSpan value, [CallerMemberName] string? name = null) =>
        value >= TimeSpan.Zero || value == System.Threading.Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is not negative; Timeout.InfiniteTimeSpan means no limit.");
}
