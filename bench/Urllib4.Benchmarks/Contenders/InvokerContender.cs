using System.Runtime.CompilerServices;

namespace Urllib4.Benchmarks;

/// <summary>
/// The least that the framework offers: no HttpClient around the handler, no cookies, proxy, redirects or tracing, and the body read from
/// its stream. For small requests only.
/// </summary>
internal sealed class InvokerContender(Target target) : Contender(target)
{
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    });

    private readonly Uri _url = new(target.Url);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask OwnAsync()
    {
        using HttpRequestMessage request = NewRequest();
        using HttpResponseMessage response = await _invoker.SendAsync(request, CancellationToken.None);
        using Stream stream = response.Content.ReadAsStream();
        byte[] body = new byte[(int)response.Content.Headers.ContentLength!];
        await stream.ReadExactlyAsync(body);
        Check((int)response.StatusCode, HttpClientContender.HeaderOf(response, HeaderName), null, body);
    }

    public override void Dispose() => _invoker.Dispose();

    protected override void Own()
    {
        using HttpRequestMessage request = NewRequest();
        using HttpResponseMessage response = _invoker.Send(request, CancellationToken.None);
        using Stream stream = response.Content.ReadAsStream();
        byte[] body = new byte[(int)response.Content.Headers.ContentLength!];
        stream.ReadExactly(body);
        Check((int)response.StatusCode, HttpClientContender.HeaderOf(response, HeaderName), null, body);
    }

    protected override long Stream() => throw new NotSupportedException();

    protected override long Save() => throw new NotSupportedException();

    protected override void Upload() => throw new NotSupportedException();

    private HttpRequestMessage NewRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _url);
        foreach ((string name, string value) in Target.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
