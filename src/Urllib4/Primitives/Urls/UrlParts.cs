namespace Urllib4.Primitives;

/// <summary>Why a text is not a URL: the index of the offending character and the rule it broke. The default value is no fault.</summary>
internal readonly record struct UrlFault(int Position, string? Rule)
{
    internal bool Exists => Rule is not null;

    /// <summary>The same fault, seen from a text in which this one begins at <paramref name="offset"/>.</summary>
    internal UrlFault From(int offset) => this with { Position = Position + offset };
}

/// <summary>
/// Where the components of a URL lie in its text. Offsets instead of strings keep an already normal URL free of copies:
/// <c>scheme ":" "//" auth "@" host ":" port path "?" query "#" fragment</c>.
/// </summary>
internal struct UrlParts
{
    internal string Text;

    /// <summary>Length of the scheme without its colon; 0 when there is none.</summary>
    internal int SchemeLength;

    /// <summary>Where the authority begins, after its two slashes if it has them.</summary>
    internal int AuthorityStart;

    /// <summary>Where the host begins: one after the <c>@</c> of the user information, or at <see cref="AuthorityStart"/>.</summary>
    internal int HostStart;

    /// <summary>End of the host; equal to <see cref="HostStart"/> when there is none, since no host may be empty.</summary>
    internal int HostEnd;

    /// <summary>The port, or 0 when there is none, since port 0 cannot be written.</summary>
    internal int Port;

    internal int PathStart;

    /// <summary>End of the path; the index of the <c>?</c> when there is a query.</summary>
    internal int PathEnd;

    /// <summary>End of the query; the index of the <c>#</c> when there is a fragment.</summary>
    internal int QueryEnd;

    internal readonly bool HasHost => HostEnd > HostStart;

    internal readonly bool HasAuth => HostStart > AuthorityStart;

    internal readonly bool HasQuery => QueryEnd > PathEnd;

    internal readonly bool HasFragment => Text.Length > QueryEnd;

    internal readonly ReadOnlySpan<char> Scheme => Text.AsSpan(0, SchemeLength);

    internal readonly ReadOnlySpan<char> Auth => HasAuth ? Text.AsSpan(AuthorityStart, HostStart - 1 - AuthorityStart) : [];

    internal readonly ReadOnlySpan<char> Host => Text.AsSpan(HostStart, HostEnd - HostStart);

    internal readonly ReadOnlySpan<char> Netloc => Text.AsSpan(HostStart, PathStart - HostStart);

    internal readonly ReadOnlySpan<char> Path => Text.AsSpan(PathStart, PathEnd - PathStart);

    internal readonly ReadOnlySpan<char> Query => HasQuery ? Text.AsSpan(PathEnd + 1, QueryEnd - PathEnd - 1) : [];

    internal readonly ReadOnlySpan<char> Fragment => HasFragment ? Text.AsSpan(QueryEnd + 1) : [];

    internal readonly bool IsHttp => Scheme.Equals("http", StringComparison.OrdinalIgnoreCase);

    internal readonly bool IsHttps => Scheme.Equals("https", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether the components are brought into normal form: http, https, and no scheme, which stands for http.
    /// The grammar of other schemes is not ours, so their URLs stay as they were written.
    /// </summary>
    internal readonly bool IsWeb => SchemeLength == 0 || IsHttp || IsHttps;
}
