using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Urllib4.Cli.Requests;

/// <summary>Asks the system for addresses, except where the command line says better.</summary>
internal sealed class PinnedResolver : Resolver
{
    private readonly Dictionary<(string Host, int Port), IPAddress[]> _addresses = [];
    private readonly List<(string Host, int? Port, string ToHost, int? ToPort)> _elsewhere = [];

    public PinnedResolver(IEnumerable<string> resolve, IEnumerable<string> connectTo)
    {
        foreach (string item in resolve)
        {
            string[] parts = item.Split(':', 3);
            if (parts.Length < 3 || Port(parts[1]) is not { } port || Addresses(parts[2]) is not { Length: > 0 } addresses)
                throw CliException.Usage($"--resolve takes host:port:address, and '{item}' is not of that kind");
            _addresses[(parts[0].ToLowerInvariant(), port)] = addresses;
        }

        foreach (string item in connectTo)
        {
            string[] parts = item.Split(':', 4);
            if (parts.Length < 4 || (parts[1].Length > 0 && Port(parts[1]) is null) || (parts[3].Length > 0 && Port(parts[3]) is null))
                throw CliException.Usage($"--connect-to takes host:port:host:port, and '{item}' is not of that kind");
            _elsewhere.Add((parts[0].ToLowerInvariant(), Port(parts[1]), parts[2].Trim('[', ']'), Port(parts[3])));
        }
    }

    public override IReadOnlyList<IPEndPoint> Resolve(string host, int port)
    {
        (string to, int toPort) = Elsewhere(host, port);
        return Ends(_addresses.GetValueOrDefault((to, toPort)) ?? Ask(to), toPort);
    }

    public override async ValueTask<IReadOnlyList<IPEndPoint>> ResolveAsync(string host, int port, CancellationToken cancellationToken)
    {
        (string to, int toPort) = Elsewhere(host, port);
        if (_addresses.GetValueOrDefault((to, toPort)) is { } known)
            return Ends(known, toPort);
        try
        {
            return Ends(await Dns.GetHostAddressesAsync(to, cancellationToken).ConfigureAwait(false), toPort);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private static IPAddress[] Ask(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host);
        }
        catch (SocketException)
        {
            return []; // which the library reports
        }
    }

    private (string Host, int Port) Elsewhere(string host, int port)
    {
        string bare = host.TrimEnd('.');
        foreach ((string from, int? fromPort, string to, int? toPort) in _elsewhere)
        {
            if ((from.Length == 0 || from == bare) && (fromPort is null || fromPort == port))
                return (to.Length == 0 ? bare : to, toPort ?? port);
        }

        return (bare, port);
    }

    private static int? Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0 ? port : null;

    private static IPAddress[]? Addresses(string text)
    {
        var addresses = new List<IPAddress>();
        foreach (string part in text.Split(','))
        {
            if (!IPAddress.TryParse(part.Trim('[', ']'), out IPAddress? address))
                return null;
            addresses.Add(address);
        }

        return [.. addresses];
    }

    private static IPEndPoint[] Ends(IPAddress[] addresses, int port) => [.. addresses.Select(a => new IPEndPoint(a, port))];
}
