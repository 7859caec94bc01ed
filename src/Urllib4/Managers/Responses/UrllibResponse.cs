using Urllib4.Connections;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4;

/// <summary>A response: its head, and its body, which is either read already or still on its way; urllib3's <c>HTTPResponse</c>.</summary>
/// <remarks>
/// The head and a body that was read are safe to read from any thread. A body on its way belongs to one reader at a time; a second one at
/// the same time gets an <see cref="InvalidOperationException"/>. Dispose the response to give the connection back before the end; that is
/// safe from any thread, and whoever is just reading gets an <see cref="ObjectDisposedException"/>. All ways of reading share one position,
/// over a body on its way and over one that is kept.
/// </remarks>
public sealed partial class UrllibResponse : IDisposable, IAsyncDisposable
{
    private readonly ResponseHead _head;
    private readonly ResponseBody? _body; // none when nothing is to be said of it but its bytes
    private readonly ConnectionFigures _stamp;

    internal UrllibResponse(
        ResponseHead head, Url url, Retry retries, int attempts, in ConnectionFigures stamp, ResponseBody? body, byte[]? data = null)
    {
        _head = head;
        _body = body;
        _stamp = stamp;
        _data = data;
        Url = url;
        Retries = retries;
        Attempts = attempts;
    }

    /// <summary>The status code, 200 to 999; 101 after an accepted upgrade.</summary>
    public int Status => _head.Status;

    /// <summary>The reason phrase; empty when the server sent none.</summary>
    public string Reason => _head.Reason;

    /// <summary>The version of HTTP the server answered in.</summary>
    public Version Version => _head.Version;

    /// <summary>The headers, in the order and spelling in which they came. They stay as they were when the body is decoded.</summary>
    public HttpHeaderDict Headers => _head.Headers;

    /// <summary>
    /// How many header lines were dropped because they had no name, which <see cref="ResponseLeniency.LineWithoutName"/> allows; else 0.
    /// </summary>
    public int DroppedHeaderLines => _head.DroppedLines;

    /// <summary>The URL that was answered: the last one, after redirects; urllib3's <c>geturl()</c>.</summary>
    public Url Url { get; }

    /// <summary>
    /// What is left of the retries, and in <see cref="Retry.History"/> what was tried and followed before this response at the cost of one.
    /// </summary>
    public Retry Retries { get; }

    /// <summary>
    /// How many attempts the call made, this one included: every retry, every redirect, every answer to a challenge, and what was sent
    /// again at no cost because a connection was stale. 1 when the first request was answered with this response.
    /// </summary>
    public int Attempts { get; }

    /// <summary>The connection that carried it, as it was when the head had been read.</summary>
    public HttpConnectionInfo Connection => field ??= _stamp.ToInfo();

    /// <summary>The story of the call, when <see cref="RequestOptions.Explain"/> asked for it; else null. Made anew at each look.</summary>
    public ExchangeReport? Report => _body?.Report;

    /// <summary>
    /// The fields behind the body, or null while it is on its way and when there were none. Never merged into the headers.
    /// </summary>
    public HttpHeaderDict? Trailers => _body?.Trailers;

    /// <summary>
    /// Whether the body is decoded as it is read: there was a <c>Content-Encoding</c>, it is known in all its parts, and
    /// <see cref="RequestOptions.DecodeContent"/> was not false.
    /// </summary>
    public bool IsDecoded => _body?.IsDecoded == true;

    /// <summary>
    /// The first of the content codings that is not known here, as the server wrote it; null when there is none. The body is then as it
    /// came: to undo the others without it is impossible.
    /// </summary>
    public string? UnknownCoding => _body?.UnknownCoding;

    /// <summary>
    /// Bytes of the body received so far, without framing and before decoding; urllib3's <c>tell()</c>. Safe to read while it is being
    /// read.
    /// </summary>
    public long BytesReceived => _body?.Received ?? _data!.Length;

    /// <summary>
    /// Bytes of the body still to come, before decoding; null when the server has announced no length. urllib3's <c>length_remaining</c>.
    /// </summary>
    public long? LengthRemaining => _body?.IsAtEnd == false ? AnnouncedLength - _body.Received : 0;

    private long? AnnouncedLength => _head.IsChunked ? null : _head.ContentLength;

    /// <summary>
    /// Takes the connection over after the server has switched protocols (RFC 9110, section 7.8): a request with
    /// <c>Connection: Upgrade</c> and an <c>Upgrade</c> header was answered with 101. The bytes that came behind the head are read first.
    /// </summary>
    /// <remarks>
    /// One reader and one writer may use the stream at the same time. No limit of time holds on it. Cancelling a read or write that is
    /// under way cuts the connection; so does disposing the stream, which also gives the place in the pool back. Afterwards the response
    /// has nothing left to dispose.
    /// </remarks>
    /// <returns>The raw connection, both ways, blocking and asynchronous; the caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">There was no switch, or the connection was taken over or given up already.</exception>
    public Stream TakeOver() => _body?.TakeOver() ?? throw new InvalidOperationException(
        $"There is no connection to take over: the status is {Status}, or it was taken over or given up before.");

    /// <summary>
    /// Reads and drops what is left of the body, so that the connection can be used again; urllib3's <c>drain_conn</c>. Nothing is decoded.
    /// More than 64 KiB is not read: the connection is closed instead, as it is when the body breaks off.
    /// </summary>
    public void Drain()
    {
        if (_body is not null)
            Blocking.Result(_body.Drain<Blocking>(CancellationToken.None));
    }

    /// <summary>Reads and drops what is left of the body, as <see cref="Drain"/>.</summary>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>A task that ends with it.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async ValueTask DrainAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_body is not null)
            await _body.Drain<Asynchronous>(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Gives the connection up without waiting: back to the pool if the body has been read to its end, else it is closed; urllib3's
    /// <c>release_conn</c>. <see cref="Dispose"/> may save it.
    /// </summary>
    public void Release() => _body?.GiveUp();

    /// <summary>
    /// Gives the connection up. A rest of the body of at most 64 KiB that comes within 50 ms is read and dropped, undecoded, so that the
    /// connection goes back to the pool; otherwise it is closed. What is kept of the body stays readable, what is not ends in
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        if (_body is not null)
            Blocking.Result(_body.Discard<Blocking>());
    }

    /// <summary>Gives the connection up as <see cref="Dispose"/>, without holding a thread.</summary>
    /// <returns>A task that ends within 50 ms, with the connection saved or closed.</returns>
    public ValueTask DisposeAsync() => _body?.Discard<Asynchronous>() ?? default;

    /// <summary>Status, reason and URL, without user information, query and fragment.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"{Status} {Escaping.Show(Reason)} {FactText.Of(Url)}";
}
