using System.Runtime.CompilerServices;

namespace Urllib4.Benchmarks;

/// <summary>A manager with the defaults; the headers are the manager's, as HttpClient's are the client's.</summary>
internal sealed class UrllibContender(Target target) : Contender
{
    private readonly PoolManager _manager = new(new PoolOptions { Headers = new HttpHeaderDict(Target.Headers), MaxSize = 256 });
    private readonly string _url = target.Url;

    public override byte[] Get() => Checked(_manager.Request("GET", _url));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<byte[]> GetAsync() => Checked(await _manager.RequestAsync("GET", _url));

    public override void Dispose() => _manager.Dispose();

    private static byte[] Checked(UrllibResponse response) => Checked(response.Status, response.Headers[HeaderName], response.Data);
}
