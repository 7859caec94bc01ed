using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Urllib4.Managers;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Adapters;

/// <summary>What a call ended with as a response message.</summary>
internal static class ResponseMapping
{
    /// <summary>Makes the message; nothing of it refers to the head.</summary>
    public static HttpResponseMessage Map(
        HandlerResult answer, HttpRequestMessage request, HandlerSettings settings, HeaderTextCache texts)
    {
        ResponseHead head = answer.Head;
        var message = new HttpResponseMessage((HttpStatusCode)head.Status)
        {
            Version = head.Version,
            ReasonPhrase = head.Reason,
            RequestMessage = RequestOf(answer, request),
            Content = answer.Content,
        };
        if (answer.Content is StreamedContent streamed)
            streamed.BelongTo(message, new HeaderTexts(request, settings));
        // What describes the coded bytes does not describe the decoded ones.
        bool isDecoded = head.Has("Content-Encoding"u8) && Decompression.Covers(settings.AutomaticDecompression, head.Headers);
        var reading = new HeaderTexts(request, settings);
        FieldLineReader lines = head.Received;
        while (lines.MoveNext())
        {
            string name = HeaderNames.AsUsuallySpelled(lines.Name) ?? texts.Of(lines.Name);
            if (!isDecoded || !IsOfCoding(name))
                Add(message, name, reading.Read(name, lines.Value) ?? Text(name, lines.Value, texts));
        }

        return message;
    }

    // The headers of a response refuse those of a content, and only those.
    private static void Add(HttpResponseMessage message, string name, string value)
    {
        if (!message.Headers.TryAddWithoutValidation(name, value))
            message.Content.Headers.TryAddWithoutValidation(name, value);
    }

    private static bool IsOfCoding(string name) =>
        name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase);

    // What is secret is not kept longer than the message.
    private static string Text(string name, ReadOnlySpan<byte> value, HeaderTextCache texts) =>
        HeaderNames.IsSecret(name) ? Encoding.Latin1.GetString(value) : texts.Of(value);

    // In the spelling of the caller, unless a redirect made another one of it.
    private static HttpMethod MethodOf(in OutgoingRequest last, HttpRequestMessage request) =>
        last.Method == RequestMapping.MethodOf(request) ? request.Method : new HttpMethod(last.Method);

    // The request that was answered: the caller's own, or after a redirect another one, since the caller's is not changed.
    private static HttpRequestMessage RequestOf(HandlerResult answer, HttpRequestMessage request)
    {
        if (answer.Retries!.History.TrueForAll(static entry => entry.RedirectLocation is null))
            return request;
        OutgoingRequest last = answer.Request;
        var answered = new HttpRequestMessage(MethodOf(last, request), new Uri(last.Url.Href))
        {
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
            Content = last.Body is null ? null : request.Content,
        };
        // In the words of the caller: what was sent is bytes, and the cookies of the container are in no message.
        foreach ((string name, HeaderStringValues values) in request.Headers.NonValidated)
        {
            if (last.Headers.Contains(name))
                answered.Headers.TryAddWithoutValidation(name, values);
        }

        foreach ((string key, object? value) in request.Options)
            ((IDictionary<string, object?>)answered.Options).Add(key, value);
        return answered;
    }
}
