using System.Text;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4;

/// <summary>
/// Memory of the caller's for the responses to one request after another, for programs that send very many small ones: a call that fills it
/// allocates next to nothing.
/// </summary>
/// <remarks>
/// Holds the response of the last call that ended well. What it hands out as memory or span is overwritten by the next call; what it hands
/// out as text or headers is not. It keeps the memory that the largest response took. One call at a time may use it.
/// </remarks>
public sealed class ResponseBuffer
{
    private Url? _url;
    private Retry? _retries;
    private int _attempts;
    private bool _isInUse; // interlocked

    /// <summary>Creates a buffer.</summary>
    /// <param name="capacity">How many bytes of body it has room for at first; it grows when that is not enough.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is less than 1.</exception>
    public ResponseBuffer(int capacity = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Content = new(new byte[capacity], 0, 0);
    }

    /// <summary>The status code; 0 without a response, which is before the first call and after one that failed.</summary>
    public int Status => _url is null ? 0 : Head.Status;

    /// <summary>The body, decoded unless the request said otherwise. Overwritten by the next call.</summary>
    public ReadOnlyMemory<byte> Body => Content;

    /// <summary>The headers, copied out of the buffer at the first look; empty without a response.</summary>
    public HttpHeaderDict Headers => _url is null ? [] : Head.Headers;

    /// <summary>The URL that was answered: the last one, after redirects; null without a response.</summary>
    public Url? Url => _url;

    /// <summary>What was left of the retries, with the history of the call; null without a response.</summary>
    public Retry? Retries => _retries;

    /// <summary>How many attempts the call made, as <see cref="UrllibResponse.Attempts"/>; 0 without a response.</summary>
    public int Attempts => _url is null ? 0 : _attempts;

    internal ResponseHead Head { get; private set; } = new();

    /// <summary>The body, at the start of all the memory there is.</summary>
    internal ArraySegment<byte> Content { get; set; }

    /// <summary>Finds a header without making a text of it.</summary>
    /// <param name="name">The name in ASCII, in any case.</param>
    /// <param name="value">The first value as received, without the blanks around it. Overwritten by the next call.</param>
    /// <returns>Whether there is such a header.</returns>
    public bool TryGetHeader(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        return _url is not null && Head.TryGet(name, out value);
    }

    /// <summary>The body as text in UTF-8; what cannot be read becomes U+FFFD.</summary>
    /// <returns>The text.</returns>
    public string Text() => Encoding.UTF8.GetString(Body.Span);

    internal void Enter()
    {
        if (Interlocked.Exchange(ref _isInUse, true))
            throw new InvalidOperationException("Another call is filling this buffer.");
        _url = null;
        _retries = null;
        Content = Content[..0];
    }

    /// <summary>The response is there; its head is another one than was offered when the protocol was switched.</summary>
    internal void Complete(ResponseHead head, Url url, Retry retries, int attempts)
    {
        Head = head;
        _url = url;
        _retries = retries;
        _attempts = attempts;
    }

    internal void Leave()
    {
        if (_url is null)
            Content = Content[..0];
        Volatile.Write(ref _isInUse, false);
    }
}
