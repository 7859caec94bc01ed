namespace Urllib4.Managers;

/// <summary>
/// Reads the URLs of requests, and keeps the last one: a program that polls gives the same text again and again.
/// </summary>
/// <remarks>Safe to use from several threads; who loses a race reads the text once more.</remarks>
/// <param name="read">How to read one.</param>
internal sealed class UrlCache(Func<string, Url> read)
{
    private volatile Url? _last;

    /// <summary>Reads a text, or throws what that throws.</summary>
    public Url Read(string text) =>
        // A text that needs no change stands for itself, so no other one has to be kept.
        _last is { } last && last.Href == text ? last : _last = read(text);
}
