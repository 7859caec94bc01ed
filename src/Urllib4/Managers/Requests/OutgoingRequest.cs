using Urllib4.Bodies;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Managers;

/// <summary>A request, complete before anything moves: every default is merged in. A redirect makes another one.</summary>
internal readonly record struct OutgoingRequest(string Method, Url Url, string Target, HttpHeaderDict Headers, RequestBody? Body)
{
    /// <summary>The headers, ready to be sent, when they are those of every request; else null.</summary>
    public HeaderBlock? Block { get; private init; }

    /// <summary>
    /// What a proxy is asked for, which sends it on (RFC 9112, section 3.2.2). Host and port are spelled as in the Host header, which has
    /// to be identical (section 3.2).
    /// </summary>
    public string ForwardedTarget => Target switch
    {
        ['/', ..] => $"{Url.Origin}{Target}",
        "*" => Url.Origin.ToString(),
        _ => Target,
    };

    public static OutgoingRequest Create(string method, Url url, DefaultHeaders defaults, RequestOptions options)
    {
        HeaderRules.CheckMethod(method);
        RequestBody? body = options.Body;
        if (options.Fields is { Count: > 0 } fields)
        {
            if (body is not null)
                throw new InvalidRequestException($"A request has a {nameof(options.Body)} or {nameof(options.Fields)}, not both.");
            if (method is "GET" or "HEAD" or "DELETE" or "OPTIONS")
                url = Url.Parse(FormEncoding.AppendTo(url.Href, fields.ToQuery()));
            else
                body = fields.ToBody(options.EncodeMultipart);
        }

        string target = options.Target ?? url.RequestUri;
        bool saysNothing = options is { HasAllHeaders: false, DecodeContent: true, Headers.IsEmpty: true };
        if (saysNothing && body is null or { ContentType: null, ContentEncoding: null, AnnouncedTrailers: null })
            return new OutgoingRequest(method, url, target, defaults.All, body) { Block = defaults.Block };

        if (options.HasAllHeaders)
            return new OutgoingRequest(method, url, target, options.Headers, body);
        HttpHeaderDict headers = defaults.All.Clone();
        // Coded content that nobody is going to decode is not asked for; nor is it for a range, which counts coded bytes.
        if (!options.DecodeContent || options.Headers.Contains("Range"))
            headers.Remove(HeaderNames.AcceptEncoding);
        if (options.Headers is { IsEmpty: false } own)
            headers.Update(own);
        if (body?.ContentType is { } contentType)
            headers.TryAdd(HeaderNames.ContentType, contentType);
        if (body?.ContentEncoding is { } contentEncoding)
            headers.TryAdd(HeaderNames.ContentEncoding, contentEncoding);
        if (body?.AnnouncedTrailers is { } trailers)
            headers.TryAdd(HeaderNames.Trailer, trailers);
        return new OutgoingRequest(method, url, target, headers.Freeze(), body);
    }
}
