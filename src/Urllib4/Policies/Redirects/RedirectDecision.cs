using System.Collections.Immutable;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// What <see cref="RedirectOptions.OnRedirect"/> is told: the redirect is allowed by the rules, and this is the request it leads to.
/// </summary>
/// <remarks>Made for one question; its headers may be changed by the thread that is asked, while it is asked.</remarks>
public sealed record RedirectContext
{
    /// <summary>The URL whose response is the redirect.</summary>
    public required Url From { get; init; }

    /// <summary>The URL that would be asked next.</summary>
    public required Url To { get; init; }

    /// <summary>The status of the redirect: 301, 302, 303, 307 or 308.</summary>
    public required int Status { get; init; }

    /// <summary>The method of the next request.</summary>
    public required string Method { get; init; }

    /// <summary>
    /// The headers of the next request, after the rules took theirs away. What is changed here is what is sent, so a token for the new
    /// origin can be set; a later redirect to yet another origin takes it away again.
    /// </summary>
    public required HttpHeaderDict Headers { get; init; }

    /// <summary>The headers of the redirect, with the cookies it sets; read-only.</summary>
    public required HttpHeaderDict ResponseHeaders { get; init; }

    /// <summary>Whether the body is sent again.</summary>
    public required bool KeepsBody { get; init; }

    /// <summary>The requests of the call before this redirect, in order.</summary>
    public required ImmutableList<RequestHistory> History { get; init; }

    /// <summary>For example <c>302 from http://example.com/a to https://example.com/b?***, as GET</c>.</summary>
    /// <returns>A short text without secrets.</returns>
    public override string ToString() => $"{Status} from {FactText.Of(From)} to {FactText.Of(To)}, as {Method}";
}

/// <summary>The answer of <see cref="RedirectOptions.OnRedirect"/>.</summary>
public enum RedirectDecision
{
    /// <summary>Do not follow: the response with the redirect is the result of the call. Also the answer of a default value.</summary>
    Stop,

    /// <summary>Send the request that was shown.</summary>
    Follow,
}
