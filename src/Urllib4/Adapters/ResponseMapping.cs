using System.Net;
using System.Net.Http;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Adapters;

/// <summary>A response of this library as a response message whose content is still on its way.</summary>
internal static class ResponseMapping
{
    public static HttpResponseMessage Map(
        UrllibResponse response, HttpRequestMessage request, HandlerSettings settings, RedirectTrail trail)
    {
        var message = new HttpResponseMessage((HttpStatusCode)response.Status)
        {
            Version = response.Version,
            ReasonPhrase = response.Reason,
            RequestMessage = RequestOf(response, request, trail),
        };
        message.Content = new ResponseContent(response, message);
        // What describes the coded bytes does not describe the decoded ones.
        bool isDecoded = Decompression.Covers(settings.AutomaticDecompression, response.Headers);
        FieldLineReader lines = response.Headers.Received;
        while (lines.MoveNext())
        {
            string name = lines.NameText;
            if (!isDecoded || !IsOfCoding(name))
                Add(message, name, Read(name, lines.Value, request, settings));
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

    private static string Read(string name, ReadOnlySpan<byte> value, HttpRequestMessage request, HandlerSettings settings) =>
        (settings.ResponseHeaderEncodingSelector?.Invoke(name, request) ?? Encoding.Latin1).GetString(value);

    // The request that was answered: the caller's own, or after a redirect another one, since the caller's is not changed.
    private static HttpRequestMessage RequestOf(UrllibResponse response, HttpRequestMessage request, RedirectTrail trail)
    {
        int followed = 0;
        foreach (RequestHistory entry in response.Retries.History)
            followed += entry.RedirectLocation is null ? 0 : 1;
        if (followed == 0)
            return request;
        RedirectContext last = trail.Steps[followed - 1];
        var answered = new HttpRequestMessage(new HttpMethod(last.Method), new Uri(last.To.Href))
        {
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
            Content = last.KeepsBody ? request.Content : null,
        };
        foreach ((string name, string value) in last.Headers)
        {
            if (!ReferenceEquals(value, HttpHeaderDict.SkipHeader))
                answered.Headers.TryAddWithoutValidation(name, value);
        }

        foreach ((string key, object? value) in request.Options)
            ((IDictionary<string, object?>)answered.Options).Add(key, value);
        return answered;
    }
}
