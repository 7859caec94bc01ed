using System.Globalization;
using System.Text;
using Urllib4.Har;

namespace Urllib4;

/// <summary>Shows requests as command lines for curl.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public static class CurlCommand
{
    /// <summary>
    /// A command line for curl that sends the same request, for a POSIX shell. Nothing is left out of it: it holds the secrets that the
    /// request holds. What has no place in a command line is not in it: <see cref="RequestOptions.Auth"/>, retries, and certificates that
    /// lie in memory.
    /// </summary>
    /// <param name="options">The request.</param>
    /// <param name="method">The method.</param>
    /// <param name="url">The absolute URL.</param>
    /// <param name="pool">What the manager has set for all of its requests; null for nothing.</param>
    /// <returns>One line, or more where the body has more. A body that is no text, or a long one, comes from a pipe.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/>, <paramref name="method"/> or <paramref name="url"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">A header has a line break or a zero in it.</exception>
    /// <exception cref="LocationParseException"><paramref name="url"/> is no URL.</exception>
    /// <exception cref="InvalidRequestException">There is a body beside fields, or a body that can be read only once.</exception>
    public static string ToCurl(this RequestOptions options, string method, string url, PoolOptions? pool = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(url);
        RequestBody? body = options.Body;
        string whole = Url.Parse(url).Href;
        if (options.Fields.Count > 0)
        {
            if (body is not null)
                throw new InvalidRequestException($"A request has a {nameof(options.Body)} or {nameof(options.Fields)}, not both.");
            if (method is "GET" or "HEAD" or "DELETE" or "OPTIONS")
                whole = WithQuery(whole, Encoding.UTF8.GetString(Bytes(Form(options.Fields))));
            else
                body = options.EncodeMultipart ? RequestBody.Multipart(options.Fields) : Form(options.Fields);
        }

        if (body is { IsReplayable: false })
            throw new InvalidRequestException("The body can be read only once, so it cannot be shown before it is sent.");
        var curl = new CurlWords(method, whole);
        AddManner(curl, options, pool ?? PoolOptions.Default);
        foreach ((string name, string value) in Headers(options, pool, body))
            curl.Header(name, value);
        return curl.Finish(body is null ? (ReadOnlyMemory<byte>?)null : Bytes(body));
    }

    private static void AddManner(CurlWords curl, RequestOptions options, PoolOptions pool)
    {
        curl.Version(pool.HttpVersions.HasFlag(HttpVersions.Http2) ? new Version(2, 0) : null);
        if (options.Redirect)
            curl.Option("--location");
        if ((options.Tls ?? pool.Tls).DangerousAcceptAnyCertificate)
            curl.Option("--insecure");
        if ((options.Proxy ?? pool.Proxy) is { } proxy && proxy != ProxyOptions.None)
        {
            curl.Option("--proxy", proxy.Url.Href);
            if (proxy.Credential is { } credential)
                curl.Option("--proxy-user", $"{credential.User}:{credential.Password}");
        }

        HttpTimeout timeout = options.Timeout ?? pool.Timeout;
        if (timeout.Total > TimeSpan.Zero && timeout.Total != System.Threading.Timeout.InfiniteTimeSpan)
            curl.Option("--max-time", timeout.Total.TotalSeconds.ToString(CultureInfo.InvariantCulture));
    }

    private static HttpHeaderDict Headers(RequestOptions options, PoolOptions? pool, RequestBody? body)
    {
        HttpHeaderDict headers = pool?.Headers.Clone() ?? [];
        headers.Update(options.Headers);
        if (options.DecodeContent && !options.Headers.Contains("Range"))
            headers.TryAdd("Accept-Encoding", ContentCodings.AcceptEncoding);
        if (body?.ContentType is { } type)
            headers.TryAdd("Content-Type", type);
        if (body?.ContentEncoding is { } coding)
            headers.TryAdd("Content-Encoding", coding);
        if (body is { Length: null })
            headers.TryAdd("Transfer-Encoding", "chunked");
        return headers;
    }

    private static RequestBody Form(FieldList fields) => RequestBody.Form(
        fields.Select(static f => KeyValuePair.Create(f.Name, Encoding.UTF8.GetString(Bytes(f.Data)))));

    private static byte[] Bytes(RequestBody body)
    {
        using Stream stream = body.OpenRead();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string WithQuery(string url, string query)
    {
        int hash = url.IndexOf('#', StringComparison.Ordinal);
        string start = hash < 0 ? url : url[..hash];
        return $"{start}{(start.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}";
    }
}
