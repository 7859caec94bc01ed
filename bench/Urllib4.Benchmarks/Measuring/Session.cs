namespace Urllib4.Benchmarks;

/// <summary>One client process against one server process; what the client process is told.</summary>
/// <param name="Scene">What is compared.</param>
/// <param name="Port">Where the server listens for it.</param>
/// <param name="Http1Port">Where it listens for HTTP/1.1.</param>
/// <param name="ServerId">The process of the server.</param>
/// <param name="File">The file that is written, or sent.</param>
/// <param name="Peers">How the programs in other languages are started; only those that can be.</param>
/// <param name="IsQuick">Fewer and shorter rounds.</param>
internal sealed record Session(
    Scene Scene, int Port, int Http1Port, int ServerId, string File, IReadOnlyDictionary<Clients, string[]> Peers, bool IsQuick)
{
    private Target Target => new(Scene.Workload, Port, File) { Http1Port = Http1Port };

    public IEnumerable<Variant> Variants()
    {
        foreach (Clients client in Enum.GetValues<Clients>().Where(one => int.IsPow2((int)one) && Scene.Clients.HasFlag(one)))
        {
            if (!Clients.Peers.HasFlag(client))
                yield return Own(client);
            else if (Peers.TryGetValue(client, out string[]? command))
                yield return PeerVariant.Start(client, command, Target);
        }
    }

    public OwnVariant Own(Clients client) => OwnVariant.Create(client, Scene, Target);
}
