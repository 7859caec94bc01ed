using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Urllib4.Primitives;

/// <summary>
/// The only parser of URLs, for callers, redirects, proxies and adapters alike, so that no two parts of the library can disagree about
/// which host a text names. It says where the components lie when the text is normal, and writes the normal text first when it is not.
/// </summary>
internal static class UrlParser
{
    /// <summary>Longest URL, written or normal: far above what servers take, and a bound on the work a Location can cause.</summary>
    internal const int MaxLength = 64 * 1024;

    private const string TooLong = "the URL is longer than 65,536 characters";

    /// <summary>Parses a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parts">Where the components lie, in the text itself or in its normal form.</param>
    /// <param name="keepsEscapes">Whether escapes stay to the letter, for a URL that may be signed.</param>
    internal static UrlFault Parse(string text, out UrlParts parts, bool keepsEscapes = false)
    {
        UrlFault fault = Split(text, out parts);
        string? host = null;
        if (!fault.Exists && !parts.IsWeb)
        {
            fault = CheckForeign(parts);
        }
        else if (!fault.Exists && parts.HasHost)
        {
            fault = HostName.Check(parts.Host, out host).From(parts.HostStart);
        }

        if (fault.Exists || (host is null && IsNormal(parts)))
        {
            return fault;
        }

        fault = Compose(parts, host, keepsEscapes, out string normal);
        if (fault.Exists)
        {
            return fault;
        }

        fault = Split(normal, out parts);
        Debug.Assert(fault.Exists || keepsEscapes || IsNormal(parts), "What was composed is normal.");
        return fault;
    }

    /// <summary>Length of the scheme of a text, or 0. It has no dot, so that <c>example.com:80</c> is a host, as in urllib3.</summary>
    internal static int SchemeLength(ReadOnlySpan<char> text)
    {
        int i = 0;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '+' or '-'))
        {
            i++;
        }

        return i > 0 && i < text.Length && text[i] == ':' && char.IsAsciiLetter(text[0]) ? i : 0;
    }

    private static UrlFault CheckText(string text)
    {
        if (text.Length > MaxLength)
        {
            return new UrlFault(MaxLength, TooLong);
        }

        // Neither trimmed nor encoded: stripping them is how two parsers come to disagree (CVE-2022-0391, CVE-2023-24329).
        int control = text.AsSpan().IndexOfAnyInRange('\0', '\x1F');
        int delete = text.IndexOf('\x7F', StringComparison.Ordinal);
        if (delete >= 0 && (control < 0 || delete < control))
            control = delete;
        return control < 0 ? default : new UrlFault(control, "the URL contains invalid characters: a control character cannot be sent");
    }

    private static UrlFault Split(string text, out UrlParts parts)
    {
        parts = new UrlParts { Text = text, SchemeLength = SchemeLength(text) };
        UrlFault fault = CheckText(text);
        if (fault.Exists)
        {
            return fault;
        }

        int start = parts.SchemeLength > 0 ? parts.SchemeLength + 1 : 0;
        ReadOnlySpan<char> rest = text.AsSpan(start);
        bool slashes = rest.StartsWith("//");
        bool authority = slashes || (parts.SchemeLength == 0 && !rest.IsEmpty && rest[0] is not ('/' or '?' or '#'));
        if (!authority && parts.SchemeLength > 0 && parts.IsWeb)
        {
            return new UrlFault(start, "an http URL needs '//' and a host");
        }

        parts.AuthorityStart = parts.HostStart = parts.HostEnd = parts.PathStart = slashes ? start + 2 : start;
        if (authority)
        {
            fault = SplitAuthority(ref parts);
        }

        SplitTail(ref parts);
        return fault;
    }

    private static UrlFault SplitAuthority(ref UrlParts parts)
    {
        ReadOnlySpan<char> rest = parts.Text.AsSpan(parts.AuthorityStart);
        int end = rest.IndexOfAny('/', '?', '#');
        ReadOnlySpan<char> authority = end < 0 ? rest : rest[..end];
        parts.PathStart = parts.AuthorityStart + authority.Length;

        // Some parties take a backslash for a slash, some for a character of the host: whoever is asked, another host is meant.
        int illegal = authority.IndexOfAny('\\', ' ');
        if (illegal >= 0)
        {
            return new UrlFault(parts.AuthorityStart + illegal, "the host contains invalid characters: a blank or backslash");
        }

        parts.HostStart += authority.LastIndexOf('@') + 1;
        ReadOnlySpan<char> host = authority[(parts.HostStart - parts.AuthorityStart)..];
        int close = host.IndexOf(']');
        bool bracketed = host.StartsWith('[') && close > 0;
        int length = bracketed ? close + 1 : host.IndexOf(':') is >= 0 and var colon ? colon : host.Length;
        parts.HostEnd = parts.HostStart + length;
        if (length == 0)
        {
            return new UrlFault(parts.HostStart, "the host is empty");
        }

        if (host[0] == '[' && (!bracketed || (length < host.Length && host[length] != ':')))
        {
            return bracketed
                ? new UrlFault(parts.HostEnd, "only a port may follow the bracket of an IPv6 address")
                : new UrlFault(parts.PathStart, "the bracket of an IPv6 address is not closed");
        }

        return length == host.Length ? default : ReadPort(host[length..], out parts.Port).From(parts.HostEnd);
    }

    /// <summary>Reads what follows a host: a colon, then ASCII digits or nothing.</summary>
    private static UrlFault ReadPort(ReadOnlySpan<char> text, out int port)
    {
        port = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool legal = i == 0 ? text[i] == ':' : char.IsAsciiDigit(text[i]);
            if (!legal)
            {
                return new UrlFault(i, text[i] == ':'
                    ? "the port has to be a number; an IPv6 address has to stand in brackets"
                    : "the port has to be a number");
            }

            port = i == 0 ? 0 : (port * 10) + text[i] - '0';
            if (port > Origin.MaxPort)
            {
                return new UrlFault(1, "the port is above 65535");
            }
        }

        return port == 0 && text.Length > 1 ? new UrlFault(1, "port 0 cannot be connected to") : default;
    }

    private static void SplitTail(ref UrlParts parts)
    {
        ReadOnlySpan<char> rest = parts.Text.AsSpan(parts.PathStart);
        int fragment = rest.IndexOf('#');
        parts.QueryEnd = fragment < 0 ? parts.Text.Length : parts.PathStart + fragment;
        int query = parts.Text.AsSpan(parts.PathStart, parts.QueryEnd - parts.PathStart).IndexOf('?');
        parts.PathEnd = query < 0 ? parts.QueryEnd : parts.PathStart + query;
    }

    /// <summary>
    /// A URL whose scheme is not ours is kept as written: its host may be the path of a socket in escapes. Only its bounds are checked.
    /// </summary>
    private static UrlFault CheckForeign(in UrlParts parts)
    {
        ReadOnlySpan<char> host = parts.Host;
        if (host.StartsWith('['))
        {
            return HostName.CheckBracketed(host, out _).From(parts.HostStart);
        }

        for (int i = 0; i < host.Length; i++)
        {
            if (host[i] is '[' or ']' || (host[i] == '%' && !PercentEncoding.IsEscape(host, i)))
            {
                return new UrlFault(parts.HostStart + i, "the host contains invalid characters");
            }
        }

        return PercentEncoding.FindLoneSurrogate(parts.Text);
    }

    /// <summary>Whether the text, whose host is known to be normal, is what <see cref="Compose"/> would write.</summary>
    private static bool IsNormal(in UrlParts parts)
    {
        if (parts.Scheme.ContainsAnyInRange('A', 'Z'))
        {
            return false;
        }

        if (parts.HasHost)
        {
            int portLength = parts.PathStart - parts.HostEnd;
            bool portNormal = parts.Port == 0 ? portLength == 0 : parts.Text[parts.HostEnd + 1] != '0';
            bool slashes = parts.AuthorityStart >= 2 && parts.Text[parts.AuthorityStart - 1] == '/';
            bool authNormal = !parts.HasAuth
                || (!parts.Auth.IsEmpty && (!parts.IsWeb || PercentEncoding.IsNormal(parts.Auth, PercentEncoding.UserInfo)));
            if (!portNormal || !slashes || !authNormal)
            {
                return false;
            }
        }

        return !parts.IsWeb
            || (IsTargetNormal(parts) && !PathSegments.HasDots(parts.Path)
                && PercentEncoding.IsNormal(parts.Fragment, PercentEncoding.Fragment));
    }

    private static bool IsTargetNormal(in UrlParts parts) =>
        PercentEncoding.IsNormal(parts.Path, PercentEncoding.Path) && PercentEncoding.IsNormal(parts.Query, PercentEncoding.Query);

    private static UrlFault Compose(in UrlParts parts, string? host, bool keepsEscapes, out string normal)
    {
        var result = new StringBuilder(parts.Text.Length + 16);
        UrlFault fault = default;
        if (parts.SchemeLength > 0)
        {
            result.Append(parts.Scheme.ToString().ToLowerInvariant()).Append(':');
        }

        if (parts.HasHost)
        {
            fault = AppendAuthority(result, parts, host);
        }

        if (!fault.Exists && parts.IsWeb)
        {
            fault = AppendTail(result, parts, keepsEscapes);
        }
        else if (!fault.Exists)
        {
            result.Append(parts.Text.AsSpan(parts.PathStart));
        }

        normal = result.ToString();
        if (!fault.Exists && !parts.HasHost && normal.StartsWith("//", StringComparison.Ordinal))
        {
            return new UrlFault(0, "a path without a host cannot begin with two slashes: they would announce a host");
        }

        return !fault.Exists && normal.Length > MaxLength ? new UrlFault(-1, TooLong) : fault;
    }

    private static UrlFault AppendAuthority(StringBuilder result, in UrlParts parts, string? host)
    {
        result.Append("//");
        if (!parts.Auth.IsEmpty)
        {
            UrlFault fault = parts.IsWeb ? PercentEncoding.Append(result, parts.Auth, PercentEncoding.UserInfo) : default;
            if (fault.Exists)
            {
                return fault.From(parts.AuthorityStart);
            }

            result.Append(parts.IsWeb ? [] : parts.Auth).Append('@');
        }

        result.Append(host is null ? parts.Host : host);
        if (parts.Port > 0)
        {
            result.Append(CultureInfo.InvariantCulture, $":{parts.Port}");
        }

        return default;
    }

    private static UrlFault AppendTail(StringBuilder result, in UrlParts parts, bool keepsEscapes)
    {
        ReadOnlySpan<char> path = parts.Path;
        bool dots = PathSegments.HasDots(path);
        UrlFault fault = PercentEncoding.Append(
            result, dots ? PathSegments.RemoveDots(path) : path, PercentEncoding.Path, keepsEscapes);
        if (fault.Exists)
        {
            return dots ? fault with { Position = parts.PathStart } : fault.From(parts.PathStart);
        }

        fault = AppendQuery(result, parts, keepsEscapes);
        if (!fault.Exists && parts.HasFragment)
        {
            result.Append('#');
            fault = PercentEncoding.Append(result, parts.Fragment, PercentEncoding.Fragment, keepsEscapes).From(parts.QueryEnd + 1);
        }

        return fault;
    }

    private static UrlFault AppendQuery(StringBuilder result, in UrlParts parts, bool keepsEscapes)
    {
        if (!parts.HasQuery)
        {
            return default;
        }

        result.Append('?');
        return PercentEncoding.Append(result, parts.Query, PercentEncoding.Query, keepsEscapes).From(parts.PathEnd + 1);
    }
}
