using System.Diagnostics;
using System.Globalization;
using System.Net;
using Urllib4.Primitives;

namespace Urllib4.Diagnostics;

/// <summary>How facts look in spans, metrics and events: as the OpenTelemetry conventions and System.Net.Http write them.</summary>
internal static class TelemetryText
{
    /// <summary>The method, or <c>_OTHER</c>: who sends made-up methods must not make ever new time series.</summary>
    public static string Method(string method) =>
        method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "CONNECT" or "OPTIONS" or "TRACE" or "PATCH" ? method : "_OTHER";

    /// <summary>The URL without user information and fragment, and with <c>*</c> for a query that is not empty.</summary>
    public static string Url(Url url)
    {
        string path = url.Path is { Length: > 0 } some ? some : "/";
        string query = url.Query switch
        {
            null => "",
            "" => "?",
            _ => "?*",
        };
        return $"{Scheme(url)}://{(IsDefaultPort(url) ? url.Host : url.Netloc)}{path}{query}";
    }

    /// <summary>For example <c>1.1</c> or <c>2</c>.</summary>
    public static string Version(Version version) => (version.Major, version.Minor) switch
    {
        (1, 0) => "1.0",
        (1, 1) => "1.1",
        (2, 0) => "2",
        _ => version.ToString(),
    };

    /// <summary>What a connection speaks, before anything was said on it.</summary>
    public static string Version(HttpConnectionInfo connection) => connection.Tls?.ApplicationProtocol == "h2" ? "2" : "1.1";

    /// <summary>The kind of error a status is; null when it is none.</summary>
    public static string? ErrorType(int status) =>
        status is >= 400 and <= 599 ? status.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>The kind of an error: System.Net.Http's word where it has one, else the name of the type.</summary>
    public static string ErrorType(Exception error) => error switch
    {
        NameResolutionException => "name_resolution_error",
        NewConnectionException => "connection_error",
        TlsException => "secure_connection_error",
        ProxyException => "proxy_tunnel_error",
        LimitExceededException => "configuration_limit_exceeded",
        ProtocolException { Initiator: Initiator.Network } => "response_ended",
        ProtocolException => "invalid_response",
        _ => error.GetType().FullName!,
    };

    /// <summary>Scheme, host and port, which every metric has.</summary>
    public static TagList Place(Url url) => new()
    {
        { "url.scheme", Scheme(url) },
        { "server.address", Host(url) },
        { "server.port", url.EffectivePort },
    };

    /// <summary>The place and what is said of a connection to it.</summary>
    public static TagList Place(Url url, HttpConnectionInfo connection)
    {
        TagList tags = Place(url);
        tags.Add("network.protocol.version", Version(connection));
        if (Peer(connection) is { } peer)
            tags.Add("network.peer.address", peer);
        return tags;
    }

    /// <summary>The address of the other side, if it has one.</summary>
    public static string? Peer(HttpConnectionInfo connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address.ToString();

    /// <summary>The host without brackets and final dot.</summary>
    public static string Host(Url url) => url.Host is { } host ? HostName.Checked(host).Name : "";

    private static string Scheme(Url url) => url.Scheme ?? "http";

    private static bool IsDefaultPort(Url url) => url.EffectivePort == (url.Scheme == "https" ? Origin.HttpsPort : Origin.HttpPort);
}
