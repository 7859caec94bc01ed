namespace Urllib4.Managers;

/// <summary>
/// Reads the URLs of requests, and keeps the last one: a program that polls gives the same text again and again.
/// </summary>
/// <remarks>Safe to use from several threads; who loses a race reads the text once more.</remarks>
internal sealed class UrlCache
{
    private volatile Url? _last;

    /// <inheritdoc cref="RequestUrl.Absolute"/>
    public Url Absolute(string text) =>
        // A text in normal form stands for itself, so no other one has to be kept.
        _last is { } last && last.Href == text ? last : _last = RequestUrl.Absolute(text);
}
