using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Urllib4.Connections;
using Urllib4.Diagnostics;
using Urllib4.Primitives;
using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4;

/// <summary>A response: its head, and its body, which is either read already or still on its way; urllib3's <c>HTTPResponse</c>.</summary>
/// <remarks>
/// The head and a body that has been read are safe to read from any thread. A body on its way belongs to one reader at a time; dispose the
/// response to give the connection back before the end.
/// </remarks>
public sealed class UrllibResponse : IDisposable, IAsyncDisposable
{
    private const int ChunkLength = 128 * 1024;

    private readonly ResponseHead _head;
    private readonly ResponseBody _body;
    private readonly ExchangeStamp _stamp;
    private byte[]? _data;
    private int _dataRead; // how much of a body that was read as a whole has been handed out part by part

    internal CallRecorder? Recorder { get; init; }

    internal UrllibResponse(ResponseHead head, Url url, Retry retries, in ExchangeStamp stamp, ResponseBody body, byte[]? data = null)
    {
        _head = head;
        _body = body;
        _stamp = stamp;
        _data = data;
        Url = url;
        Retries = retries;
    }

    /// <summary>The status code, 200 to 999; 101 after an accepted upgrade.</summary>
    public int Status => _head.Status;

    /// <summary>The reason phrase; empty when the server sent none.</summary>
    public string Reason => _head.Reason;

    /// <summary>The version of HTTP the server answered in.</summary>
    public Version Version => _head.MinorVersion == 0 ? System.Net.HttpVersion.Version10 : System.Net.HttpVersion.Version11;

    /// <summary>The headers, in the order and spelling in which they came.</summary>
    public HttpHeaderDict Headers => _head.Headers;

    /// <summary>The URL that was answered: the last one, after redirects; urllib3's <c>geturl()</c>.</summary>
    public Url Url { get; }

    /// <summary>What is left of the retries, and in <see cref="Retry.History"/> what was tried and followed before this response.</summary>
    public Retry Retries { get; }

    /// <summary>The connection that carried it, as it was when the head had been read.</summary>
    public HttpConnectionInfo Connection => field ??= _stamp.ToInfo();

    /// <summary>The story of the call, when <see cref="RequestOptions.Explain"/> asked for it; else null. Made anew at each look.</summary>
    public ExchangeReport? Report => Recorder?.Report();

    /// <summary>
    /// The fields behind the body, or null while it is on its way and when there were none. Never merged into the headers.
    /// </summary>
    public HttpHeaderDict? Trailers => _body.Trailers;

    /// <summary>
    /// The whole body. When it is still on its way, this reads it to the end, holding the thread; afterwards it is kept.
    /// </summary>
    /// <exception cref="HttpException">The body could not be read.</exception>
    public byte[] Data => _data ??= Blocking.Result(ReadRest<Blocking>(CancellationToken.None));

    /// <summary>Reads the whole body, without holding a thread while it is on its way; afterwards it is kept.</summary>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>The body.</returns>
    /// <exception cref="HttpException">The body could not be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async ValueTask<byte[]> DataAsync(CancellationToken cancellationToken = default) =>
        _data ??= await ReadRest<Asynchronous>(cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// The body as text: in the charset the <c>Content-Type</c> names, else UTF-8. What cannot be read becomes U+FFFD; a byte order mark is
    /// left out.
    /// </summary>
    /// <returns>The text.</returns>
    /// <exception cref="HttpException">The body could not be read.</exception>
    public string Text()
    {
        Encoding encoding = BodyEncoding();
        ReadOnlySpan<byte> bytes = Data;
        return encoding.GetString(bytes.StartsWith(encoding.Preamble) ? bytes[encoding.Preamble.Length..] : bytes);
    }

    /// <summary>The body read as JSON, without reflection.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="typeInfo">How to read it, from a source-generated context.</param>
    /// <returns>The value; null when the body is the JSON null.</returns>
    /// <exception cref="JsonException">The body is not JSON of this type.</exception>
    /// <exception cref="HttpException">The body could not be read.</exception>
    public T? Json<T>(JsonTypeInfo<T> typeInfo) => JsonSerializer.Deserialize(Data, typeInfo);

    /// <summary>The body read as JSON, by reflection; names are matched as in the web's defaults unless options are given.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="options">How to read it.</param>
    /// <returns>The value; null when the body is the JSON null.</returns>
    /// <exception cref="JsonException">The body is not JSON of this type.</exception>
    /// <exception cref="HttpException">The body could not be read.</exception>
    [RequiresUnreferencedCode("JSON by reflection needs members that trimming may remove; use the overload with a JsonTypeInfo.")]
    [RequiresDynamicCode("JSON by reflection generates code at run time; use the overload with a JsonTypeInfo.")]
    public T? Json<T>(JsonSerializerOptions? options = null) => JsonSerializer.Deserialize<T>(Data, options ?? JsonSerializerOptions.Web);

    /// <summary>Reads some of the body, waiting only for the first byte; urllib3's <c>readinto</c>.</summary>
    /// <param name="buffer">Where to put it.</param>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="HttpException">The body could not be read.</exception>
    public int Read(Span<byte> buffer)
    {
        byte[] part = new byte[Math.Min(buffer.Length, ChunkLength)];
        int count = Blocking.Result(ReadSome<Blocking>(part, CancellationToken.None));
        part.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    /// <summary>Reads some of the body, waiting only for the first byte.</summary>
    /// <param name="buffer">Where to put it.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="HttpException">The body could not be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ReadSome<Asynchronous>(buffer, cancellationToken);

    /// <summary>Reads the body part by part, holding the thread; urllib3's <c>stream</c>.</summary>
    /// <param name="chunkSize">The most bytes of one part. Default 128 KiB, the cheapest size in measurements.</param>
    /// <returns>The parts; each is valid until the next one is asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="chunkSize"/> is less than 1.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Stream(int chunkSize = ChunkLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        return Parts();

        IEnumerable<ReadOnlyMemory<byte>> Parts()
        {
            byte[] buffer = new byte[chunkSize];
            while (Blocking.Result(ReadSome<Blocking>(buffer, CancellationToken.None)) is > 0 and int count)
                yield return buffer.AsMemory(0, count);
        }
    }

    /// <summary>Reads the body part by part.</summary>
    /// <param name="chunkSize">The most bytes of one part. Default 128 KiB.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>The parts; each is valid until the next one is asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="chunkSize"/> is less than 1.</exception>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> StreamAsync(int chunkSize = ChunkLength, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        return Parts(cancellationToken);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Parts([EnumeratorCancellation] CancellationToken token)
        {
            byte[] buffer = new byte[chunkSize];
            while (await ReadSome<Asynchronous>(buffer, token).ConfigureAwait(false) is > 0 and int count)
                yield return buffer.AsMemory(0, count);
        }
    }

    /// <summary>
    /// Reads and drops what is left of the body, so that the connection can be used again; urllib3's <c>drain_conn</c>. Nothing is decoded.
    /// More than 64 KiB is not read: the connection is closed instead.
    /// </summary>
    public void Drain() => Blocking.Result(_body.Drain<Blocking>(CancellationToken.None));

    /// <summary>Reads and drops what is left of the body, as <see cref="Drain"/>.</summary>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>A task that ends with it.</returns>
    public async ValueTask DrainAsync(CancellationToken cancellationToken = default) =>
        await _body.Drain<Asynchronous>(cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Gives the connection up: back to the pool if the body has been read to its end, else it is closed; urllib3's <c>release_conn</c>.
    /// </summary>
    public void Release() => _body.End();

    /// <summary>Gives the connection up, as <see cref="Release"/>. What was read stays readable.</summary>
    public void Dispose() => Release();

    /// <summary>Gives the connection up, as <see cref="Release"/>.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        Release();
        return default;
    }

    /// <summary>Status, reason and URL.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"{Status} {Reason} {Url}";

    internal static async ValueTask<byte[]> ReadAll<TMode>(ResponseBody body, long? length, CancellationToken cancellationToken = default)
        where TMode : struct, IWaitMode
    {
        // An announced length is believed only so far: memory grows with what has come, not with what was promised.
        byte[] data = new byte[length is > 0 and <= 1024 * 1024 ? (int)length : 4 * 1024];
        int end = 0;
        while (!body.IsAtEnd)
        {
            if (end == data.Length)
                Array.Resize(ref data, checked(data.Length * 2));
            end += await body.Read<TMode>(data.AsMemory(end), cancellationToken).ConfigureAwait(false);
        }

        if (end != data.Length)
            Array.Resize(ref data, end);
        return data;
    }

    private ValueTask<byte[]> ReadRest<TMode>(CancellationToken cancellationToken)
        where TMode : struct, IWaitMode => ReadAll<TMode>(_body, _body.IsDecoded ? null : _head.ContentLength, cancellationToken);

    private async ValueTask<int> ReadSome<TMode>(Memory<byte> buffer, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        if (_data is null)
            return await _body.Read<TMode>(buffer, cancellationToken).ConfigureAwait(false);
        int count = Math.Min(buffer.Length, _data.Length - _dataRead);
        _data.AsMemory(_dataRead, count).CopyTo(buffer);
        _dataRead += count;
        return count;
    }

    private Encoding BodyEncoding()
    {
        try
        {
            string? charset = Headers[HeaderNames.ContentType] is { } text ? new ContentType(text).CharSet : null;
            return charset is null ? Encoding.UTF8 : Encoding.GetEncoding(charset.Trim('"'));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return Encoding.UTF8; // an unknown charset is read as what most bodies are
        }
    }
}
