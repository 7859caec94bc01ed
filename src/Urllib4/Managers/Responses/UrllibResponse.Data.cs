using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Urllib4.Managers;
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
    /// The body as text: in the charset that the <c>Content-Type</c> names, one of the platform's code pages included, else UTF-8. What
    /// cannot be read becomes U+FFFD; a byte order mark is left out. A charset that is not known never fails: it is read as UTF-8.
    /// </summary>
    /// <returns>The text.</returns>
    /// <inheritdoc cref="Data" path="/exception"/>
    public string Text()
    {
        Encoding encoding = BodyEncoding();
        ReadOnlySpan<byte> bytes = Data;
        return encoding.GetString(bytes.StartsWith(encoding.Preamble) ? bytes[encoding.Preamble.Length..] : bytes);
    }

    /// <summary>The body read as JSON, without reflection; in the charset of the body, as <see cref="Text"/> reads it.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="typeInfo">How to read it, from a source-generated context.</param>
    /// <returns>The value; null when the body is the JSON null.</returns>
    /// <exception cref="JsonException">
    /// The body is not JSON of this type; says which URL answered with which status and which type of content.
    /// </exception>
    /// <inheritdoc cref="Data" path="/exception"/>
    public T? Json<T>(JsonTypeInfo<T> typeInfo)
    {
        try
        {
            return JsonSerializer.Deserialize(JsonBytes(), typeInfo);
        }
        catch (JsonException e)
        {
            throw NoJson(e);
        }
    }

    /// <summary>The body read as JSON, by reflection; names are matched as in the web's defaults unless options are given.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="options">How to read it.</param>
    /// <returns>The value; null when the body is the JSON null.</returns>
    /// <inheritdoc cref="Json{T}(JsonTypeInfo{T})" path="/exception"/>
    [RequiresUnreferencedCode("JSON by reflection needs members that trimming may remove; use the overload with a JsonTypeInfo.")]
    [RequiresDynamicCode("JSON by reflection generates code at run time; use the overload with a JsonTypeInfo.")]
    public T? Json<T>(JsonSerializerOptions? options = null)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(JsonBytes(), options ?? JsonSerializerOptions.Web);
        }
        catch (JsonException e)
        {
            throw NoJson(e);
        }
    }

    private ValueTask<byte[]> ReadRest<TMode>(CancellationToken cancellationToken)
        where TMode : struct, IWaitMode => _body!.ReadAll<TMode>(IsDecoded ? null : LengthRemaining, cancellationToken);

    private Encoding BodyEncoding() => BodyCharset.Of(Headers[HeaderNames.ContentType]);

    // JSON is UTF-8 (RFC 8259, section 8.1), but not every server knows; a byte order mark may be passed over.
    private ReadOnlySpan<byte> JsonBytes()
    {
        if (BodyEncoding() is not UTF8Encoding)
            return Encoding.UTF8.GetBytes(Text());
        ReadOnlySpan<byte> bytes = Data;
        return bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
    }

    private JsonException NoJson(JsonException reason)
    {
        string type = Headers[HeaderNames.ContentType] is { } text ? $"'{Escaping.Show(text)}'" : "content without a type";
        return new JsonException(
            $"The body is not the expected JSON: {FactText.Of(Url)} answered {Status} with {type}. {reason.Message}",
            reason.Path, reason.LineNumber, reason.BytePositionInLine, reason);
    }
}
