using System.Diagnostics;
using System.Net;
using System.Net.Http;
using Urllib4.Adapters;

namespace Urllib4;

// What holds for messages.
public sealed partial class UrllibHandler
{
    /// <summary>
    /// What a request does that has nothing under <see cref="RequestOptionsKey"/>; one that has takes from here the members that are null
    /// there, and what it does not set of its TLS options, timeouts, redirects and limits. Default <see cref="RequestOptions.Default"/>.
    /// As long as its <see cref="RequestOptions.Retries"/> are null nothing is retried, except what provably was not processed.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="InvalidOperationException">A request was sent already.</exception>
    /// <exception cref="ObjectDisposedException">The handler was disposed.</exception>
    public RequestOptions DefaultRequestOptions
    {
        get => _settings.DefaultRequestOptions;
        set => Settings = _settings with { DefaultRequestOptions = value ?? throw new ArgumentNullException(nameof(value)) };
    }

    /// <summary>Whether redirects are followed. Default true.</summary>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public bool AllowAutoRedirect
    {
        get => _settings.AllowAutoRedirect;
        set => Settings = _settings with { AllowAutoRedirect = value };
    }

    /// <summary>How many redirects are followed in one call; the next one is returned as the response. Default 50.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public int MaxAutomaticRedirections
    {
        get => _settings.MaxAutomaticRedirections;
        set => Settings = _settings with { MaxAutomaticRedirections = HandlerChecks.AtLeastOne(value) };
    }

    /// <summary>
    /// Which content codings are asked for and undone; <c>Content-Encoding</c> and <c>Content-Length</c> then leave the content's headers.
    /// Default none, and nothing is undone.
    /// </summary>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public DecompressionMethods AutomaticDecompression
    {
        get => _settings.AutomaticDecompression;
        set => Settings = _settings with { AutomaticDecompression = value };
    }

    /// <summary>Whether cookies are kept in the <see cref="CookieContainer"/> and sent from it. Default true.</summary>
    /// <exception cref="InvalidOperationException">A request was sent already.</exception>
    /// <exception cref="ObjectDisposedException">The handler was disposed.</exception>
    public bool UseCookies
    {
        get => _settings.UseCookies;
        set => Settings = _settings with { UseCookies = value };
    }

    /// <summary>Where cookies are kept. Default an empty one of the handler's own.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public CookieContainer CookieContainer
    {
        get => _settings.CookieContainer;
        set => Settings = _settings with { CookieContainer = value ?? throw new ArgumentNullException(nameof(value)) };
    }

    /// <summary>
    /// Says for a header in which encoding it is written; null means ASCII, and text that is none is refused. Default null: always
    /// ASCII.
    /// </summary>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public HeaderEncodingSelector<HttpRequestMessage>? RequestHeaderEncodingSelector
    {
        get => _settings.RequestHeaderEncodingSelector;
        set => Settings = _settings with { RequestHeaderEncodingSelector = value };
    }

    /// <summary>Says for a header in which encoding it is read; null means Latin-1. Default null: always Latin-1.</summary>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public HeaderEncodingSelector<HttpRequestMessage>? ResponseHeaderEncodingSelector
    {
        get => _settings.ResponseHeaderEncodingSelector;
        set => Settings = _settings with { ResponseHeaderEncodingSelector = value };
    }

    /// <summary>
    /// How much of a body that nobody reads to its end is read away to save its connection, in bytes. Default 1,048,576; 0 reads nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public int MaxResponseDrainSize
    {
        get => _settings.MaxResponseDrainSize;
        set => Settings = _settings with { MaxResponseDrainSize = HandlerChecks.NotNegative(value) };
    }

    /// <summary>
    /// How long that may take; then the connection is closed. Default 2 s; infinite means no limit. Nobody waits for it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is negative and not infinite, or more than <see cref="int.MaxValue"/> ms.
    /// </exception>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public TimeSpan ResponseDrainTimeout
    {
        get => _settings.ResponseDrainTimeout;
        set => Settings = _settings with { ResponseDrainTimeout = HandlerChecks.Limit(value) };
    }

    /// <summary>
    /// Puts the trace of the current activity among the headers of a request. Default <see cref="DistributedContextPropagator.Current"/>,
    /// as it is when the handler is made; null sends nothing.
    /// </summary>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public DistributedContextPropagator? ActivityHeadersPropagator
    {
        get => _settings.ActivityHeadersPropagator;
        set => Settings = _settings with { ActivityHeadersPropagator = value };
    }

    /// <summary>A place for whatever the program wants to keep with the handler; nothing here reads it.</summary>
    public IDictionary<string, object?> Properties => field ??= new Dictionary<string, object?>();
}
