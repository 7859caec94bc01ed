using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Urllib4.Waiting;

namespace Urllib4.Benchmarks;

/// <summary>HttpClient as it is shipped, with its buffered content; or over another handler.</summary>
internal class HttpClientContender : Contender
{
    private readonly Uri _url;
    private readonly byte[] _buffer;
    private HttpClient _client;

    public HttpClientContender(Target target)
        : base(target)
    {
        _url = new Uri(target.Url);
        _buffer = new byte[target.Work.ReadLength];
        _client = NewClient();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask SendAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url);
        using HttpResponseMessage response = await _client.SendAsync(request);
        Check(response, await response.Content.ReadAsByteArrayAsync());
    }

    public override void Dispose() => _client.Dispose();

    internal static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;

    protected override void Own()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url);
        using HttpResponseMessage response = _client.Send(request);
        // Buffered already, so the task is complete.
        Check(response, Blocking.Result(new ValueTask<byte[]>(response.Content.ReadAsByteArrayAsync())));
    }

    protected override long Stream()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url);
        using HttpResponseMessage response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        CheckStatus((int)response.StatusCode);
        using Stream stream = response.Content.ReadAsStream();
        long length = 0;
        while (stream.Read(_buffer) is > 0 and int count)
            length += count;
        return length;
    }

    protected override long Save()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url);
        using HttpResponseMessage response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        CheckStatus((int)response.StatusCode);
        using FileStream file = File.Create(Target.File);
        response.Content.CopyTo(file, null, CancellationToken.None);
        return file.Length;
    }

    protected override void Upload()
    {
        using FileStream file = File.OpenRead(Target.File);
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new StreamContent(file) };
        using HttpResponseMessage response = _client.Send(request);
        CheckStatus((int)response.StatusCode);
    }

    /// <summary>As shipped, but for the decoding, which is off unless the work needs it.</summary>
    protected virtual HttpClient CreateClient() => Work.AcceptEncoding == "identity"
        ? new HttpClient()
        : new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All });

    /// <summary>Begins anew with a fresh connection.</summary>
    protected void Renew()
    {
        _client.Dispose();
        _client = NewClient();
    }

    private HttpClient NewClient()
    {
        HttpClient client = CreateClient();
        foreach ((string name, string value) in Target.Headers)
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return client;
    }

    private void Check(HttpResponseMessage response, byte[] body) => Check(
        (int)response.StatusCode, HeaderOf(response, HeaderName), Work.IsOneShot ? HeaderOf(response, ResumedName) : null, body);
}
