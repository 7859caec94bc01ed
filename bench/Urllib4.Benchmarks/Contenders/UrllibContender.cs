using System.Buffers;
using System.Runtime.CompilerServices;

namespace Urllib4.Benchmarks;

/// <summary>A manager with the defaults; the headers are the manager's, as HttpClient's are the client's.</summary>
/// <param name="target">What is asked for.</param>
/// <param name="isWatched">Whether somebody is told of every step.</param>
internal sealed class UrllibContender(Target target, bool isWatched = false) : Contender(target)
{
    private static readonly RequestOptions _streamed = new() { PreloadContent = false };

    private readonly PoolManager _manager = new(new PoolOptions
    {
        Headers = new HttpHeaderDict(target.Headers),
        MaxSize = 256,
        HttpVersions = target.Work.Version == 2 ? HttpVersions.Http2 : HttpVersions.Http11,
        Events = isWatched ? new Listener() : null,
    });

    private readonly string _url = target.Url;
    private readonly byte[] _buffer = new byte[target.Work.ReadLength];

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask OwnAsync() => Check(await _manager.RequestAsync("GET", _url));

    public override void Dispose() => _manager.Dispose();

    protected override void Own() => Check(_manager.Request("GET", _url));

    protected override long Stream()
    {
        using UrllibResponse response = _manager.Request("GET", _url, _streamed);
        CheckStatus(response.Status);
        long length = 0;
        while (response.Read(_buffer) is > 0 and int count)
            length += count;
        return length;
    }

    protected override async ValueTask StreamAsync()
    {
        using UrllibResponse response = await _manager.RequestAsync("GET", _url, _streamed);
        CheckStatus(response.Status);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Work.ReadLength);
        long length = 0;
        while (await response.ReadAsync(buffer) is > 0 and int count)
            length += count;
        ArrayPool<byte>.Shared.Return(buffer);
        CheckLength(length);
    }

    protected override async ValueTask UploadAsync() =>
        CheckStatus((await _manager.RequestAsync("POST", _url, new RequestOptions { Body = RequestBody.FromFile(Target.File) })).Status);

    protected override long Save()
    {
        using UrllibResponse response = _manager.Request("GET", _url, _streamed);
        CheckStatus(response.Status);
        return response.CopyTo(Target.File);
    }

    protected override void Upload() =>
        CheckStatus(_manager.Request("POST", _url, new RequestOptions { Body = RequestBody.FromFile(Target.File) }).Status);

    private void Check(UrllibResponse response) =>
        Check(response.Status, response.Headers[HeaderName], Work.IsOneShot ? response.Headers[ResumedName] : null, response.Data);

    // Hears everything and does nothing: what is left is the price of telling.
    private sealed class Listener : HttpEvents;
}
