using System.Collections.Immutable;

namespace Urllib4;

/// <summary>How redirects are followed. How many is a matter of <see cref="Retry"/>.</summary>
/// <remarks>
/// <para>A redirect to another origin (scheme, host or port) carries on only headers that say nothing of the caller: <c>Accept</c>,
/// <c>Accept-Charset</c>, <c>Accept-Encoding</c>, <c>Accept-Language</c>, <c>User-Agent</c>, <c>Range</c>, <c>Cache-Control</c>,
/// <c>Pragma</c>, <c>traceparent</c> and <c>tracestate</c>, and with the body those that describe it. All others, known secrets or not,
/// are dropped, and do not come back within the call, even if it returns to the first origin.</para>
/// <para>A <c>Range</c> that an <c>If-Range</c>, <c>If-Match</c> or <c>If-Unmodified-Since</c> ties to one version of a file is dropped
/// with it: the answer is then the whole file.</para>
/// <para>In <see cref="RequestOptions.Redirects"/>, <see cref="OnRedirect"/> and <see cref="KeepMethod"/> are those of the manager where
/// the request does not set them. What lets more pass, <see cref="AllowHttpsToHttp"/> and <see cref="KeepHeadersAcrossOrigins"/>, holds
/// only where it is said: a request that has a value of its own here does not inherit it.</para>
/// <para>Immutable, so safe to share between threads. Two values are equal when they set the same members to the same values, sets by
/// content.</para>
/// </remarks>
public sealed record RedirectOptions
{
    private readonly bool? _keepMethod;

    /// <summary>The defaults.</summary>
    public static RedirectOptions Default { get; } = new();

    /// <summary>
    /// Whether a redirect may lead from https to http, where everybody on the way can read and change what is sent. Default false: it ends
    /// in <see cref="RedirectException"/>.
    /// </summary>
    public bool AllowHttpsToHttp { get; init; }

    /// <summary>
    /// Whether a POST stays a POST, with its body, after 301 and 302, as in urllib3. Default false: it becomes a GET without body, as in
    /// browsers, curl and RFC 9110, section 15.4.2. 303 always becomes GET, 307 and 308 never change anything.
    /// </summary>
    public bool KeepMethod
    {
        get => _keepMethod ?? false;
        init => _keepMethod = value;
    }

    /// <summary>
    /// Headers that follow a redirect to <em>any</em> other origin besides those that always do. A name put here is sent to whomever a
    /// server points to; to give a header to a certain origin use <see cref="OnRedirect"/>. Default none. Case does not count.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ImmutableHashSet<string> KeepHeadersAcrossOrigins
    {
        get => field ?? ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);
        init => field = (value ?? throw new ArgumentNullException(nameof(value))).WithComparer(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Asked before each redirect that the rules allow: it may stop there, or change the headers of the next request. Called by the thread
    /// that runs the call, with no lock held; what it throws ends the call. Default null: follow.
    /// </summary>
    public Func<RedirectContext, RedirectDecision>? OnRedirect { get; init; }

    /// <inheritdoc/>
    public bool Equals(RedirectOptions? other) => ReferenceEquals(this, other)
        || (other is not null
            && AllowHttpsToHttp == other.AllowHttpsToHttp
            && _keepMethod == other._keepMethod
            && KeepHeadersAcrossOrigins.SetEquals(other.KeepHeadersAcrossOrigins)
            && OnRedirect == other.OnRedirect);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(AllowHttpsToHttp, _keepMethod, KeepHeadersAcrossOrigins.Count, OnRedirect);

    /// <summary>These options where they are set, and those of a manager where they are not.</summary>
    internal RedirectOptions Over(RedirectOptions below)
    {
        if (ReferenceEquals(this, below) || (below.OnRedirect is null && below._keepMethod is null))
            return this;
        RedirectOptions merged = this with { OnRedirect = OnRedirect ?? below.OnRedirect };
        return (_keepMethod ?? below._keepMethod) is { } keep ? merged with { KeepMethod = keep } : merged;
    }
}
