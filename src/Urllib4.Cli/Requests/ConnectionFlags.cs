using System.CommandLine;

namespace Urllib4.Cli.Requests;

/// <summary>The options about the way to a server, which every command that sends something has.</summary>
internal sealed class ConnectionFlags
{
    private readonly Option<string?> _proxy = RequestFlags.One("--proxy", "url", "An HTTP, HTTPS or SOCKS proxy; 'none' for none", "-x");
    private readonly Option<string?> _caCert =
        RequestFlags.One("--cacert", "file", "Trust the certificates in a PEM file instead of the system's");
    private readonly Option<string?> _cert = RequestFlags.One("--cert", "file", "A certificate of yours, in PEM");
    private readonly Option<string?> _key = RequestFlags.One("--key", "file", "The key to --cert, where it lies in another file");
    private readonly Option<bool> _insecure =
        RequestFlags.Flag("--insecure", "DANGEROUS: accept any certificate, so anybody can read along", "-k");
    private readonly Option<bool> _http2 = RequestFlags.Flag("--http2", "Offer HTTP/2");
    private readonly Option<int> _retry =
        new("--retry") { HelpName = "times", Description = "Send again after failures, 429 and 503, where that is safe" };
    private readonly Option<string?> _timeout = RequestFlags.One(
        "--timeout", "phases", "Limits: '30s' for all, or 'connect=2s,read=10s,total=1m'", "-m");
    private readonly Option<string[]> _resolve = RequestFlags.Many("--resolve", "host:port:address", "The address to take for a host");
    private readonly Option<string[]> _connectTo =
        RequestFlags.Many("--connect-to", "host:port:host:port", "Connect to another host; empty means any or the same");

    public IEnumerable<Option> All => [_proxy, _caCert, _cert, _key, _insecure, _http2, _retry, _timeout, _resolve, _connectTo];

    public RequestInput Read(ParseResult parsed, RequestInput input) => input with
    {
        Proxy = parsed.GetValue(_proxy),
        CaCert = parsed.GetValue(_caCert),
        Cert = parsed.GetValue(_cert),
        Key = parsed.GetValue(_key),
        Insecure = parsed.GetValue(_insecure),
        Http2 = parsed.GetValue(_http2),
        Retries = parsed.GetValue(_retry),
        Timeout = parsed.GetValue(_timeout),
        Resolve = parsed.GetValue(_resolve) ?? [],
        ConnectTo = parsed.GetValue(_connectTo) ?? [],
    };
}
