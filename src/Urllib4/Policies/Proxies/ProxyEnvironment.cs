using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>
/// The proxies that the environment names, as curl reads them: <c>http_proxy</c>, <c>https_proxy</c>, <c>all_proxy</c> and
/// <c>no_proxy</c>, each in lower case first. A scheme <c>socks</c>, which desktops write there, is <c>socks5h</c>. Read once, when it is
/// made; immutable and safe to share.
/// </summary>
internal sealed class ProxyEnvironment
{
    private readonly string? _http;
    private readonly string? _https;
    private readonly NoProxyRules _noProxy;
    // Read on first use, since what is not used need not be right. Two threads may read the same text twice, which does no harm.
    private ProxyOptions? _forHttp;
    private ProxyOptions? _forHttps;

    /// <param name="variable">Gives the value of an environment variable, or null.</param>
    public ProxyEnvironment(Func<string, string?> variable)
    {
        string? all = Either(variable, "all_proxy");
        _http = Http(variable) ?? all;
        _https = Either(variable, "https_proxy") ?? all;
        _noProxy = Either(variable, "no_proxy") is { } list ? NoProxyRules.Parse(list) : NoProxyRules.None;
    }

    /// <summary>Whether no proxy is named at all.</summary>
    public bool IsEmpty => _http is null && _https is null;

    /// <summary>What is reached without a proxy.</summary>
    public NoProxyRules NoProxy => _noProxy;

    /// <summary>The proxy for a target, or null when it is to be connected to directly.</summary>
    /// <exception cref="ProxySchemeUnknownException">The proxy has a scheme that is not supported; it is not passed by.</exception>
    /// <exception cref="LocationValueException">The target or the proxy is no URL with a host.</exception>
    public ProxyOptions? For(Url target)
    {
        Origin origin = target.Origin;
        if (_noProxy.Covers(target.HostSpan, origin.Port))
            return null;
        return origin.IsHttps ? _forHttps ??= Read(_https) : _forHttp ??= Read(_http);
    }

    private static string? Http(Func<string, string?> variable)
    {
        // In CGI, HTTP_PROXY is what the client sent as the header Proxy (CVE-2016-5386). Where names of variables have no case, the other
        // spelling is the same variable.
        if (variable("REQUEST_METHOD") is null)
            return Either(variable, "http_proxy");
        return variable("request_method") is null ? Value(variable, "http_proxy") : null;
    }

    private static string? Either(Func<string, string?> variable, string name) =>
        Value(variable, name) ?? Value(variable, name.ToUpperInvariant());

    private static string? Value(Func<string, string?> variable, string name) =>
        variable(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static ProxyOptions? Read(string? url)
    {
        if (url is null)
            return null;
        int end = url.IndexOf("://", StringComparison.Ordinal);
        return new ProxyOptions(end < 0 ? "http://" + url
            : url.AsSpan(0, end).Equals("socks", StringComparison.OrdinalIgnoreCase) ? $"socks5h{url.AsSpan(end)}"
            : url);
    }
}
