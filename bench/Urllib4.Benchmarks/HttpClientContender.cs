using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Urllib4.Waiting;

namespace Urllib4.Benchmarks;

/// <summary>HttpClient as it is shipped, with its buffered content.</summary>
internal sealed class HttpClientContender : Contender
{
    private readonly HttpClient _client = new();
    private readonly Uri _url;

    public HttpClientContender(Target target)
    {
        _url = new Uri(target.Url);
        foreach ((string name, string value) in Target.Headers)
            _client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
    }

    public override byte[] Get()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url);
        using HttpResponseMessage response = _client.Send(request);
        // Buffered already, so the task is complete.
        return Checked((int)response.StatusCode, HeaderOf(response), Blocking.Result(new ValueTask<byte[]>(response.Content.ReadAsByteArrayAsync())));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<byte[]> GetAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url);
        using HttpResponseMessage response = await _client.SendAsync(request);
        return Checked((int)response.StatusCode, HeaderOf(response), await response.Content.ReadAsByteArrayAsync());
    }

    public override void Dispose() => _client.Dispose();

    internal static string? HeaderOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(HeaderName, out HeaderStringValues values) ? values.ToString() : null;
}
