using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4;

/// <content>The body as a whole: bytes, text, JSON.</content>
public sealed partial class UrllibResponse
{
    private byte[]? _data;

    /// <summary>
    /// The whole body. When it is still on its way, this reads what is left of it, holding the thread; afterwards it is kept.
    /// </summary>
    /// <exception cref="HttpException">
    /// The body could not be read; the same failure again when an earlier read had failed. An <see cref="IncompleteReadException"/> holds
    /// what came before the break.
    /// </exception>
    /// <exception cref="DecodeLimitException">The decoded body passed <see cref="DecodeLimits"/>.</exception>
    /// <exception cref="ObjectDisposedException">The response was disposed before the body was read.</exception>
    public byte[] Data => _data ??= Blocking.Result(ReadRest<Blocking>(CancellationToken.None));

    /// <summary>Reads the whole body, without holding a thread while it is on its way; afterwards it is kept.</summary>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>The body.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <inheritdoc cref="Data" path="/exception"/>
    public async ValueTask<byte[]> DataAsync(CancellationToken cancellationToken = default) =>
        _data ??= await ReadRest<Asynchronous>(cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// The body as text: in the charset the <c>Content-Type</c> names, else UTF-8. What cannot be read becomes U+FFFD; a byte order mark is
    /// left out.
    /// </summary>
    /// <returns>The text.</returns>
    /// <inheritdoc cref="Data" path="/exception"/>
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
    /// <inheritdoc cref="Data" path="/exception"/>
    public T? Json<T>(JsonTypeInfo<T> typeInfo) => JsonSerializer.Deserialize(Data, typeInfo);

    /// <summary>The body read as JSON, by reflection; names are matched as in the web's defaults unless options are given.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="options">How to read it.</param>
    /// <returns>The value; null when the body is the JSON null.</returns>
    /// <exception cref="JsonException">The body is not JSON of this type.</exception>
    /// <inheritdoc cref="Data" path="/exception"/>
    [RequiresUnreferencedCode("JSON by reflection needs members that trimming may remove; use the overload with a JsonTypeInfo.")]
    [RequiresDynamicCode("JSON by reflection generates code at run time; use the overload with a JsonTypeInfo.")]
    public T? Json<T>(JsonSerializerOptions? options = null) => JsonSerializer.Deserialize<T>(Data, options ?? JsonSerializerOptions.Web);

    private ValueTask<byte[]> ReadRest<TMode>(CancellationToken cancellationToken)
        where TMode : struct, IWaitMode => _body!.ReadAll<TMode>(IsDecoded ? null : LengthRemaining, cancellationToken);

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
