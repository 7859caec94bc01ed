using System.Net;
using System.Net.Http;

namespace Urllib4.Adapters;

/// <summary>What a handler was told, as it stands when a request begins.</summary>
internal sealed record HandlerSettings
{
    public bool AllowAutoRedirect { get; init; } = true;

    public int MaxAutomaticRedirections { get; init; } = 50;

    public DecompressionMethods AutomaticDecompression { get; init; }

    public bool UseCookies { get; init; } = true;

    public CookieContainer CookieContainer { get; init; } = new();

    public int MaxConnectionsPerServer { get; init; } = int.MaxValue;

    public ICredentials? Credentials { get; init; }

    public bool UseProxy { get; init; } = true;

    public IWebProxy? Proxy { get; init; }

    public HeaderEncodingSelector<HttpRequestMessage>? RequestHeaderEncodingSelector { get; init; }

    public HeaderEncodingSelector<HttpRequestMessage>? ResponseHeaderEncodingSelector { get; init; }

    public RequestOptions DefaultRequestOptions { get; init; } = RequestOptions.Default;
}
