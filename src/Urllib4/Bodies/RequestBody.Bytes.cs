using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Urllib4.Bodies;

namespace Urllib4;

/// <content>Bodies whose bytes lie in memory: bytes, text, JSON, an urlencoded form.</content>
public abstract partial class RequestBody
{
    /// <summary>A body of bytes that are not copied; they must not change while a request is under way.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="contentType">The media type, or null for none.</param>
    /// <returns>The body.</returns>
    public static RequestBody FromBytes(ReadOnlyMemory<byte> bytes, string? contentType = null) => new BytesBody(bytes, contentType);

    /// <summary>A body of text, as UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <param name="contentType">The media type. Default <c>text/plain; charset=utf-8</c>; null for none.</param>
    /// <returns>The body.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="InvalidRequestException">The text holds half of a surrogate pair, which UTF-8 cannot write.</exception>
    public static RequestBody FromString(string text, string? contentType = "text/plain; charset=utf-8")
    {
        ArgumentNullException.ThrowIfNull(text);
        return new BytesBody(StrictUtf8.GetBytes(text, "The text of the body"), contentType);
    }

    /// <summary>A body of JSON in UTF-8, with the media type <c>application/json</c>, written once, now, without reflection.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value; null is written as <c>null</c>.</param>
    /// <param name="typeInfo">How to write the type, from a <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>.</param>
    /// <returns>The body.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="typeInfo"/> is null.</exception>
    public static RequestBody Json<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return new BytesBody(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo), JsonDefaults.MediaType);
    }

    /// <summary>A body of JSON in UTF-8, with the media type <c>application/json</c>. It is written once, now.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value; null is written as <c>null</c>.</param>
    /// <param name="options">
    /// How to write it. Default: the platform's settings for the web (property names in camelCase, keys of dictionaries as they are),
    /// without blanks, and with letters outside ASCII as themselves, as urllib3 writes them.
    /// </param>
    /// <returns>The body.</returns>
    [RequiresUnreferencedCode(JsonDefaults.Reflection)]
    [RequiresDynamicCode(JsonDefaults.Reflection)]
    public static RequestBody Json<T>(T value, JsonSerializerOptions? options = null) =>
        new BytesBody(JsonSerializer.SerializeToUtf8Bytes(value, options ?? JsonDefaults.Options), JsonDefaults.MediaType);

    /// <summary>
    /// A form as a browser sends it by default: <c>application/x-www-form-urlencoded</c>, UTF-8, a blank as <c>+</c>
    /// (WHATWG URL, section 5.2).
    /// </summary>
    /// <param name="fields">Names and values in order; a name may come several times. Line ends are sent as they are.</param>
    /// <returns>The body.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fields"/> or a name or value in it is null.</exception>
    /// <exception cref="InvalidRequestException">A name or value holds half of a surrogate pair.</exception>
    public static RequestBody Form(IEnumerable<KeyValuePair<string, string>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return new BytesBody(FormEncoding.Encode(fields), FormEncoding.MediaType);
    }

#pragma warning disable CA2225 // FromString and FromBytes are the named ways, under the names of what they take
    /// <summary>A body of text, as <see cref="FromString"/>.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator RequestBody(string text) => FromString(text);

    /// <summary>A body of bytes, as <see cref="FromBytes"/>.</summary>
    /// <param name="bytes">The bytes.</param>
    public static implicit operator RequestBody(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return FromBytes(bytes);
    }
#pragma warning restore CA2225

    private sealed class BytesBody(ReadOnlyMemory<byte> bytes, string? contentType) : RequestBody
    {
        public override long? Length => bytes.Length;

        public override string? ContentType => contentType;

        internal override ReadOnlyMemory<byte>? InMemory => bytes;

        protected internal override Stream Open() => new BytesStream(bytes);
    }
}
