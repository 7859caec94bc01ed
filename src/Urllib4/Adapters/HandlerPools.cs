using System.Net;

namespace Urllib4.Adapters;

/// <summary>What the settings of a handler mean for the pools it makes.</summary>
internal static class HandlerPools
{
    /// <summary>The options of the handler's own manager.</summary>
    public static PoolOptions With(this PoolOptions options, HandlerSettings settings)
    {
        if (settings.MaxConnectionsPerServer != int.MaxValue)
            options = options with { MaxSize = settings.MaxConnectionsPerServer, Block = true };
        // A password alone says nothing of whom it is for, so it is given to no origin that a redirect leads to.
        if (settings.Credentials is { } credentials and not NetworkCredential)
            options = options with { Credentials = new HandlerCredentials(credentials) };
        if (!settings.UseProxy)
            return options with { Proxy = null, ProxySelector = null, TrustEnvironment = false };
        return settings.Proxy is { } proxy ? options with { ProxySelector = url => [For(proxy, new Uri(url.Href))] } : options;
    }

    private static ProxyOptions For(IWebProxy proxy, Uri target)
    {
        if (proxy.IsBypassed(target) || proxy.GetProxy(target) is not { } way || way == target)
            return ProxyOptions.None;
        var options = new ProxyOptions(way.AbsoluteUri);
        return proxy.Credentials?.GetCredential(way, "Basic") is { } credential && !HandlerCredentials.IsDefault(credential)
            ? options with { Credential = new Credential(HandlerCredentials.UserOf(credential), credential.Password) }
            : options;
    }
}
