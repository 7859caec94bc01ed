using System.Buffers;
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
    protected override async ValueTask OwnAsync()
    {
        using HttpRequestMessage request = NewRequest(HttpMethod.Get);
        using HttpResponseMessage response = await _client.SendAsync(request);
        Check(response, await response.Content.ReadAsByteArrayAsync());
    }

    public override void Dispose() => _client.Dispose();

    internal static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;

    protected override void Own()
    {
        using HttpRequestMessage request = NewRequest(HttpMethod.Get);
        using HttpResponseMessage response = _client.Send(request);
        // Buffered already, so the task is complete.
        Check(response, Blocking.Result(new ValueTask<byte[]>(response.Content.ReadAsByteArrayAsync())));
    }

    protected override long Stream()
    {
        using HttpRequestMessage request = NewRequest(HttpMethod.Get);
        using HttpResponseMessage response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        CheckStatus((int)response.StatusCode);
        using Stream stream = response.Content.ReadAsStream();
        long length = 0;
        while (stream.Read(_buffer) is > 0 and int count)
            length += count;
        return length;
    }

    protected override async ValueTask StreamAsync()
    {
        using HttpRequestMessage request = NewRequest(HttpMethod.Get);
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        CheckStatus((int)response.StatusCode);
        using Stream stream = await response.Content.ReadAsStreamAsync();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Work.ReadLength);
        long length = 0;
        while (await stream.ReadAsync(buffer) is > 0 and int count)
            length += count;
        ArrayPool<byte>.Shared.Return(buffer);
        CheckLength(length);
    }

    protected override async ValueTask UploadAsync()
    {
        using FileStream file = File.OpenRead(Target.File);
        using HttpRequestMessage request = NewRequest(HttpMethod.Post);
        request.Content = new StreamContent(file);
        using HttpResponseMessage response = await _client.SendAsync(request);
        CheckStatus((int)response.StatusCode);
    }

    protected override long Save()
    {
        using HttpRequestMessage request = NewRequest(HttpMethod.Get);
        using HttpResponseMessage response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        CheckStatus((int)response.StatusCode);
        using FileStream file = File.Create(Target.File);
        response.Content.CopyTo(file, null, CancellationToken.None);
        return file.Length;
    }

    protected override void Upload()
    {
        using FileStream file = File.OpenRead(Target.File);
        using HttpRequestMessage request = NewRequest(HttpMethod.Post);
        request.Content = new StreamContent(file);
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

    private HttpRequestMessage NewRequest(HttpMethod method)
    {
        var request = new HttpRequestMessage(method, _url);
        if (Work.Version == 2)
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        return request;
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
