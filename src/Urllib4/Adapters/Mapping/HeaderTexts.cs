using System.Net.Http;
using System.Text;

namespace Urllib4.Adapters;

/// <summary>
/// The headers of one request and its response as texts and as bytes. A header is bytes, and here each character of one stands for a
/// byte; which texts they are in a message is for the caller's selectors to say.
/// </summary>
internal readonly struct HeaderTexts(HttpRequestMessage? request, HandlerSettings settings)
{
    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A text of the caller in bytes.</summary>
    /// <exception cref="InvalidHeaderException">It is not ASCII, and nobody says how to write it.</exception>
    public string Write(string name, string value)
    {
        if (settings.RequestHeaderEncodingSelector?.Invoke(name, request!) is { } encoding)
            return Encoding.Latin1.GetString(encoding.GetBytes(value));
        return Ascii.IsValid(value)
            ? value
            : throw new InvalidHeaderException(
                name, -1, $"it is not ASCII, and no {nameof(HandlerSettings.RequestHeaderEncodingSelector)} says how to write it");
    }

    /// <summary>In which encoding a header of the response is read; null for Latin-1.</summary>
    public Encoding? ReadingOf(string name) => settings.ResponseHeaderEncodingSelector?.Invoke(name, request!);

    /// <summary>The bytes of a response header as a text, where that is not simply Latin-1; else null.</summary>
    public string? Read(string name, ReadOnlySpan<byte> value)
    {
        if (ReadingOf(name) is { } encoding)
            return encoding.GetString(value);
        // Many servers write a path there as it is called, in UTF-8.
        return name.Equals("Location", StringComparison.OrdinalIgnoreCase) && !Ascii.IsValid(value) ? Utf8(value) : null;
    }

    private static string? Utf8(ReadOnlySpan<byte> value)
    {
        try
        {
            return _strictUtf8.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
