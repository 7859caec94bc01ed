using System.Net;
using System.Text.Json;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>What tests share that send requests to peers in both modes.</summary>
public abstract class ClientTests : ModeTests
{
    /// <summary>Sends a request in a mode.</summary>
    protected static Task<UrllibResponse> Send(
        Mode mode, IRequestMethods client, string method, string url, RequestOptions? options = null) =>
        Call(mode, () => client.Request(method, url, options), () => client.RequestAsync(method, url, options));

    /// <summary>Reads a body that was not read yet in a mode.</summary>
    protected static Task<byte[]> ReadAll(Mode mode, UrllibResponse response) =>
        Call(mode, () => response.Data, () => response.DataAsync().AsTask());

    /// <summary>A directory in which every given name stands for the same port of this machine.</summary>
    protected static Resolver Everywhere(int port, params IReadOnlyList<string> hosts) =>
        Resolver.FromTable(hosts.Select(host => KeyValuePair.Create(host, new IPEndPoint(IPAddress.Loopback, port))));

    /// <summary>Trust in the authority of the peers, and in nobody else.</summary>
    protected static TlsOptions TrustIn(Peers peers) => new() { CaCerts = new CertificateSet([peers.Authority.Root]) };

    /// <summary>A body as JSON.</summary>
    protected static JsonElement Json(UrllibResponse response) => response.Json<JsonElement>();

    /// <summary>A string in a body, found by the names that lead to it.</summary>
    protected static string? Text(UrllibResponse response, params IReadOnlyList<string> names) =>
        names.Aggregate(Json(response), static (element, name) => element.GetProperty(name)).GetString();
}
