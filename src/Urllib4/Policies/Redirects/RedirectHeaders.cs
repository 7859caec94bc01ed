using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Urllib4.Policies;

/// <summary>
/// Which headers go along with a redirect. Across origins an allow-list decides, because secrets have any name (RD-01 to RD-08).
/// </summary>
internal static class RedirectHeaders
{
    /// <summary>
    /// Say nothing of the caller; validators (<c>If-None-Match</c> …) are tied to what another origin sent before (RD-16).
    /// </summary>
    private static readonly FrozenSet<string> _harmless = Names(
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "User-Agent", "Range",
        "Cache-Control", "Pragma", "traceparent", "tracestate");

    /// <summary>
    /// Bind a <c>Range</c> to one version of the resource. Without them it could bring the tail of another one, so it goes only where
    /// they go.
    /// </summary>
    private static readonly string[] _ofRange = ["If-Range", "If-Match", "If-Unmodified-Since"];

    /// <summary>Describe the body, and go where it goes. <c>Last-Modified</c> is here as in urllib3.</summary>
    private static readonly FrozenSet<string> _ofBody = Names(
        "Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "Content-Location", "Content-Disposition",
        "Content-Range", "Content-MD5", "Content-Digest", "Repr-Digest", "Digest", "Last-Modified",
        "Transfer-Encoding", "Trailer", "Expect");

    /// <summary>The headers of the next request, as a new object.</summary>
    /// <param name="headers">Those of the last request of the call; what an earlier redirect dropped is not among them any more.</param>
    /// <param name="losesBody">Whether the method was changed, and the body dropped with it (RD-11).</param>
    /// <param name="crossesOrigins">Whether the next request goes to another origin.</param>
    /// <param name="keepsHost">Whether a <c>Host</c> set by the caller still fits.</param>
    /// <param name="keep">Names that the caller sends to any origin.</param>
    /// <param name="remove">Names that never go to another origin; stronger than <paramref name="keep"/>.</param>
    public static HttpHeaderDict For(
        HttpHeaderDict headers,
        bool losesBody,
        bool crossesOrigins,
        bool keepsHost,
        ImmutableHashSet<string> keep,
        ImmutableHashSet<string> remove)
    {
        HttpHeaderDict next = [];
        foreach ((string name, string value) in headers)
        {
            bool ofBody = _ofBody.Contains(name);
            bool stays = ofBody ? !losesBody
                : crossesOrigins ? _harmless.Contains(name) || keep.Contains(name)
                : keepsHost || !name.Equals("Host", StringComparison.OrdinalIgnoreCase);
            if (stays && !(crossesOrigins && remove.Contains(name)))
                next.Add(name, value);
        }

        if (headers.Contains("Range"))
            KeepRangeAndConditionTogether(headers, next);
        return next;
    }

    private static void KeepRangeAndConditionTogether(HttpHeaderDict headers, HttpHeaderDict next)
    {
        if (_ofRange.Any(name => headers.Contains(name) && !next.Contains(name)))
            next.Remove("Range");
        // Alone it means nothing, and may not be sent (RFC 9110, section 13.1.5).
        if (!next.Contains("Range"))
            next.Remove("If-Range");
    }

    private static FrozenSet<string> Names(params ReadOnlySpan<string> names) => FrozenSet.Create(StringComparer.OrdinalIgnoreCase, names);
}
