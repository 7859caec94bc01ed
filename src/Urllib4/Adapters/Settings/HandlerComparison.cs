using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Authentication;

namespace Urllib4.Adapters;

/// <summary>
/// What of a handler's settings behaves differently here. A setting that is not set is not mentioned, but where defaults differ.
/// </summary>
internal static class HandlerComparison
{
    public static IEnumerable<string> Of(SocketsHttpHandler handler) =>
        [.. OfConnections(handler), .. OfMessages(handler), .. OfTls(handler.SslOptions), .. OfHttp2(handler)];

    private static IEnumerable<string> OfConnections(SocketsHttpHandler handler)
    {
        PoolOptions defaults = new();
        if (handler.ConnectTimeout == Timeout.InfiniteTimeSpan)
            yield return Line(
                nameof(handler.ConnectTimeout),
                $"is infinite there; here each step of connecting has {Seconds(defaults.Timeout.Connect)} unless "
                + "it is set");
        if (handler.PooledConnectionLifetime == Timeout.InfiniteTimeSpan)
            yield return Line(
                nameof(handler.PooledConnectionLifetime),
                $"is infinite there; here a connection lives {defaults.MaxLifetime.TotalMinutes:0} minutes "
                + "unless it is set, so that changed addresses are noticed");
        if (handler is { UseProxy: true, Proxy: null })
            yield return Line(
                nameof(handler.Proxy),
                "is null: there the system's settings are read, here the variables of the environment "
                + "only");
        if (handler.Proxy is not null || handler.DefaultProxyCredentials is not null)
            yield return Line(nameof(handler.Proxy), "once it has asked for credentials, a proxy is told them unasked");
    }

    private static IEnumerable<string> OfMessages(SocketsHttpHandler handler)
    {
        if (handler.AllowAutoRedirect)
            yield return Line(
                nameof(handler.AllowAutoRedirect),
                "headers that may say who the caller is stay behind when a redirect leads to another origin, "
                + "and a circle ends early");
        // The system's own are a NetworkCredential too, without a name.
        if (handler.Credentials is NetworkCredential own && !HandlerCredentials.IsDefault(own))
            yield return Line(
                nameof(handler.Credentials),
                "answer Basic and Digest; for Negotiate and NTLM use a CredentialCache or the default "
                + "credentials");
        else if (handler.Credentials is not null and not NetworkCredential)
            yield return Line(nameof(handler.Credentials), "are asked for the origin, without the path");
        if (handler.AutomaticDecompression != DecompressionMethods.None)
            yield return Line(
                nameof(handler.AutomaticDecompression),
                $"ends at {nameof(PoolOptions)}.{nameof(PoolOptions.DecodeLimits)}, also for "
                + "streams");
    }

    private static IEnumerable<string> OfTls(SslClientAuthenticationOptions options)
    {
#pragma warning disable CA5397, CS0618, SYSLIB0039 // they are named to be refused
        const SslProtocols Old = SslProtocols.Ssl2 | SslProtocols.Ssl3 | SslProtocols.Tls | SslProtocols.Tls11;
#pragma warning restore CA5397, CS0618, SYSLIB0039
        const string Name = nameof(SocketsHttpHandler.SslOptions);
        if ((options.EnabledSslProtocols & Old) != SslProtocols.None)
            yield return Line($"{Name}.{nameof(options.EnabledSslProtocols)}", "nothing below TLS 1.2 is spoken");
        if (options.TargetHost is not null)
            yield return Line($"{Name}.{nameof(options.TargetHost)}", "is the host of the URL, or of a Host header");
        if (options.ApplicationProtocols is { Count: > 0 })
            yield return Line($"{Name}.{nameof(options.ApplicationProtocols)}", "only http/1.1 is offered");
        if (options.RemoteCertificateValidationCallback is null && options.CertificateChainPolicy is null)
            yield return Line(
                Name,
                "keys of less than 2,048 bits (RSA) or 224 bits (elliptic curves) are refused, and no "
                + "intermediates are downloaded");
    }

    private static IEnumerable<string> OfHttp2(SocketsHttpHandler handler)
    {
        const string NoPings = "means nothing: idle connections are not pinged";
        if (handler.EnableMultipleHttp2Connections)
            yield return Line(nameof(handler.EnableMultipleHttp2Connections), "is always so, within MaxConnectionsPerServer");
        if (handler.EnableMultipleHttp3Connections)
            yield return Line(nameof(handler.EnableMultipleHttp3Connections), "means nothing: HTTP/3 is not spoken");
        if (handler.KeepAlivePingDelay != Timeout.InfiniteTimeSpan)
            yield return Line(nameof(handler.KeepAlivePingDelay), NoPings);
        if (handler.KeepAlivePingTimeout != new HandlerSettings().KeepAlivePingTimeout)
            yield return Line(nameof(handler.KeepAlivePingTimeout), NoPings);
        if (handler.KeepAlivePingPolicy != HttpKeepAlivePingPolicy.Always)
            yield return Line(nameof(handler.KeepAlivePingPolicy), NoPings);
        if (handler.InitialHttp2StreamWindowSize != new HandlerSettings().InitialHttp2StreamWindowSize)
            yield return Line(nameof(handler.InitialHttp2StreamWindowSize), "means nothing: the window is one of the library's own");
    }

    private static string Line(string property, string what) => $"{property}: {what}.";

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:0} s";
}
