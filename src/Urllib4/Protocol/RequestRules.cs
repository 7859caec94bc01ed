using System.Globalization;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Protocol;

/// <summary>
/// Checks a request head before a byte of it is written: nothing in it can end a line early, and its framing, routing and connection
/// fields each say one thing, once.
/// </summary>
internal static class RequestRules
{
    /// <param name="head">The head.</param>
    /// <param name="isHttp2">
    /// Whether it goes out over HTTP/2, where there are no fields for one connection: some are left out, and so need not be named.
    /// </param>
    /// <exception cref="InvalidRequestException">The method, the target or the host cannot be sent.</exception>
    /// <exception cref="InvalidHeaderException">A header cannot be sent, or contradicts the request.</exception>
    public static RequestTerms Check(in RequestHead head, bool isHttp2 = false)
    {
        HeaderRules.CheckMethod(head.Method);
        CheckProtocol(head, isHttp2);
        CheckTarget(head.Protocol is null ? head.Method : null, head.Target, mayBeAbsolute: !isHttp2);
        ControlFields fields = head.Block?.Fields ?? ControlFields.Collect(head.Headers);
        string host = fields.Host ?? head.Host;
        bool skipsHost = ReferenceEquals(host, HttpHeaderDict.SkipHeader);
        if (!skipsHost && !HttpGrammar.IsAuthority(host, portRequired: false))
            throw new InvalidHeaderException(HeaderNames.Host, -1, "it is not 'host' or 'host:port' (RFC 9112, section 3.2)");
        CheckFraming(head, fields);
        CheckConnection(fields, isHttp2);
        CheckExpect(head.Framing, fields.Expect);
        return new RequestTerms
        {
            Host = skipsHost ? null : host,
            IsHead = head.Method is "HEAD",
            IsConnect = head.Method is "CONNECT",
            Closes = fields.Connection is { } options && RequestTerms.ListNames(options, "close"),
            ExpectsContinue = IsContinue(fields.Expect),
            HasFramingField = fields.ContentLength is not null || fields.TransferEncoding is not null,
            Offered = fields.Upgrade,
            HasUnnamedTe = fields.Te is not null
                && (fields.Connection is not { } named || !RequestTerms.ListNames(named, HeaderNames.TE)),
        };
    }

    private static void CheckProtocol(in RequestHead head, bool isHttp2)
    {
        if (head.Protocol is null)
            return;
        if (!isHttp2 || head.Method is not "CONNECT")
            throw new InvalidRequestException("A protocol can be asked for by a CONNECT over HTTP/2 only (RFC 8441, section 4).");
        if (!HeaderRules.IsToken(head.Protocol))
            throw new InvalidRequestException($"The protocol '{Escaping.Show(head.Protocol)}' is not a token (RFC 8441, section 4).");
    }

    // The target is not shown: its query may hold a secret.
    private static void CheckTarget(string? method, string target, bool mayBeAbsolute)
    {
        int position = HttpGrammar.IndexOfNonTarget(target);
        if (position >= 0)
            throw new InvalidRequestException(
                $"The request target has U+{(int)target[position]:X4} at index {position}, to be percent-encoded (RFC 9112, section 3.2).");
        bool legal = method is "CONNECT" ? HttpGrammar.IsAuthority(target, portRequired: true)
            : target.StartsWith('/') || (method is "OPTIONS" && target is "*") || (mayBeAbsolute && IsAbsolute(target));
        if (!legal)
            throw new InvalidRequestException(
                $"The request target is in no form that a {Escaping.Show(method ?? "CONNECT")} may have (RFC 9112, section 3.2).");
    }

    private static bool IsAbsolute(string target)
    {
        int colon = target.IndexOf("://", StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(target[0]) && !target.AsSpan(..colon).ContainsAny('/', '?');
    }

    private static void CheckFraming(in RequestHead head, in ControlFields fields)
    {
        if (head.Framing.Kind is BodyKind.UntilClose)
            throw new ArgumentException("A request cannot end with the connection.", nameof(head));
        bool framed = head.Framing.Kind is not BodyKind.None || fields.ContentLength is not null || fields.TransferEncoding is not null;
        if (framed && head.Method is "CONNECT" or "TRACE")
            throw new InvalidRequestException($"A {head.Method} has no body (RFC 9110, section 9.3).");
        if (fields.ContentLength is { } length && !Announces(length, head.Framing))
            throw new InvalidHeaderException(HeaderNames.ContentLength, -1, "it is not the length of the body");
        if (fields.TransferEncoding is { } coding && !(head.Framing.Kind is BodyKind.Chunked && Is(coding, "chunked")))
            throw new InvalidHeaderException(HeaderNames.TransferEncoding, -1, "only 'chunked' is supported, for a body sent in chunks");
    }

    private static bool Announces(string value, BodyFraming framing) =>
        framing.Kind is not BodyKind.Chunked
        && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
        && length == framing.Length;

    private static void CheckConnection(in ControlFields fields, bool isHttp2)
    {
        CheckTokens(HeaderNames.Connection, fields.Connection, versioned: false);
        CheckTokens(HeaderNames.Upgrade, fields.Upgrade, versioned: true);
        if (isHttp2 && fields.Upgrade is not null)
            throw new InvalidHeaderException(HeaderNames.Upgrade, -1, "HTTP/2 has none (RFC 9113, section 8.6)");
        if (fields.Upgrade is not null && (fields.Connection is null || !RequestTerms.ListNames(fields.Connection, HeaderNames.Upgrade)))
            throw new InvalidHeaderException(
                HeaderNames.Upgrade, -1, "it is for one connection only, so Connection must name it");
        // Any other value invites a coding of the body that we would not undo.
        if (fields.Te is { } te && !Is(te, "trailers"))
            throw new InvalidHeaderException(HeaderNames.TE, -1, "only 'trailers' is supported");
    }

    private static void CheckTokens(string name, string? list, bool versioned)
    {
        if (list is null)
            return;
        foreach (Range range in list.AsSpan().Split(','))
        {
            ReadOnlySpan<char> member = list.AsSpan()[range].Trim(" \t");
            int slash = versioned ? member.IndexOf('/') : -1;
            bool legal = slash < 0
                ? HeaderRules.IsToken(member)
                : HeaderRules.IsToken(member[..slash]) && HeaderRules.IsToken(member[(slash + 1)..]);
            if (!legal)
                throw new InvalidHeaderException(name, -1, "it is not a list of tokens");
        }
    }

    private static void CheckExpect(BodyFraming framing, string? expect)
    {
        bool hasBody = framing.Kind is BodyKind.Chunked || framing.Length > 0;
        if (IsContinue(expect) && !hasBody)
            throw new InvalidHeaderException(HeaderNames.Expect, -1, "no body could wait for the 100 (RFC 9110, section 10.1.1)");
    }

    private static bool IsContinue(string? expect) => expect is not null && Is(expect, "100-continue");

    private static bool Is(string value, string word) => Ascii.EqualsIgnoreCase(value, word);
}
