using Urllib4.Bodies;
using Urllib4.Primitives;

namespace Urllib4.Managers;

/// <summary>A request, complete before anything moves: every default is merged in. A redirect makes another one.</summary>
internal readonly record struct OutgoingRequest(string Method, Url Url, string Target, HttpHeaderDict Headers, RequestBody? Body)
{
    private const string DefaultUserAgent = "urllib4/0.1";

    /// <summary>What a proxy is asked for, which sends it on (RFC 9112, section 3.2.2).</summary>
    public string ForwardedTarget => Target switch
    {
        ['/', ..] => Url.AbsoluteFormOf(Target),
        "*" => Url.AbsoluteFormOf(""),
        _ => Target,
    };

    /// <summary>What every request of a manager begins with: its own headers, and ours where it has none.</summary>
    public static HttpHeaderDict Defaults(HttpHeaderDict? configured)
    {
        HttpHeaderDict defaults = configured is null ? [] : configured.Clone();
        defaults.TryAdd(HeaderNames.UserAgent, DefaultUserAgent);
        defaults.TryAdd(HeaderNames.AcceptEncoding, ContentCodings.AcceptEncoding);
        return defaults.AsReadOnly();
    }

    public static OutgoingRequest Create(string method, Url url, HttpHeaderDict defaults, RequestOptions options)
    {
        HeaderRules.CheckMethod(method);
        RequestBody? body = options.Body;
        if (options.Fields is { } fields)
        {
            if (body is not null)
                throw new InvalidRequestException($"A request has a {nameof(options.Body)} or {nameof(options.Fields)}, not both.");
            if (method is "GET" or "HEAD" or "DELETE" or "OPTIONS")
                url = Url.Parse(FormEncoding.AppendTo(url.Href, fields.ToQuery()));
            else
                body = fields.ToBody(options.EncodeMultipart);
        }

        string target = options.Target ?? url.RequestUri;
        if (options.Headers is null && body?.ContentType is null && body?.ContentEncoding is null && options.DecodeContent)
            return new OutgoingRequest(method, url, target, defaults, body);

        if (options is { HasAllHeaders: true, Headers: { } all })
            return new OutgoingRequest(method, url, target, all, body);
        HttpHeaderDict headers = defaults.Clone();
        // Coded content that nobody is going to decode is not asked for; nor is it for a range, which counts coded bytes.
        if (!options.DecodeContent || options.Headers?.Contains("Range") == true)
            headers.Remove(HeaderNames.AcceptEncoding);
        if (options.Headers is { } own)
            headers.Update(own);
        if (body?.ContentType is { } contentType)
            headers.TryAdd(HeaderNames.ContentType, contentType);
        if (body?.ContentEncoding is { } contentEncoding)
            headers.TryAdd(HeaderNames.ContentEncoding, contentEncoding);
        return new OutgoingRequest(method, url, target, headers.Freeze(), body);
    }
}
