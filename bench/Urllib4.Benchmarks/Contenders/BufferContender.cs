using System.Runtime.CompilerServices;

namespace Urllib4.Benchmarks;

/// <summary>A manager that fills a buffer of the caller's. For small requests only, and one at a time.</summary>
internal sealed class BufferContender(Target target) : Contender(target)
{
    private readonly PoolManager _manager = new(new PoolOptions { Headers = new HttpHeaderDict(target.Headers), MaxSize = 256 });
    private readonly ResponseBuffer _buffer = new();
    private readonly string _url = target.Url;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask OwnAsync()
    {
        await _manager.RequestIntoAsync("GET", _url, _buffer);
        Check();
    }

    public override void Dispose() => _manager.Dispose();

    protected override void Own()
    {
        _manager.RequestInto("GET", _url, _buffer);
        Check();
    }

    protected override long Stream() => throw new NotSupportedException();

    protected override long Save() => throw new NotSupportedException();

    protected override void Upload() => throw new NotSupportedException();

    private void Check()
    {
        if (_buffer.Status != 200 || !_buffer.TryGetHeader("Cache-Control"u8, out ReadOnlySpan<byte> value)
            || !value.SequenceEqual("max-age=60"u8) || _buffer.Body.Length != Responder.Body.Length)
        {
            throw new InvalidDataException($"The response was {_buffer.Status}, {_buffer.Body.Length} bytes.");
        }
    }
}
