using System.Net;
using Urllib4.Diagnostics;
using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>A policy, held before the ways to one origin: it lets pass or throws.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class EgressGuard
{
    private readonly EgressPolicy _policy;
    private readonly EgressTarget _origin;

    private EgressGuard(EgressPolicy policy, in Origin origin)
    {
        _policy = policy;
        HostName host = origin.HostName;
        _origin = new EgressTarget(origin.Scheme, host.DnsName, origin.Port, AddressOf(host.DnsName));
    }

    /// <summary>The guard of an origin; null without a policy, when everything passes.</summary>
    public static EgressGuard? For(EgressPolicy? policy, in Origin origin) => policy is null ? null : new(policy, origin);

    /// <summary>Lets pass what is known of the origin before anything is looked up.</summary>
    /// <param name="proxy">The proxy on the way there; null for none.</param>
    /// <exception cref="EgressRefusedException">It is forbidden.</exception>
    public void Admit(ProxyOptions? proxy)
    {
        EgressRefusedException? refusal = Refusal(_origin);
        if (refusal is null && _origin.Address is null && proxy?.ResolvesNames == true
            && EgressRules.OfUnresolved(_policy, _origin.Host) is { } rule)
        {
            refusal = Refused(_origin, rule, null);
        }

        if (refusal is not null)
            throw refusal;
    }

    /// <summary>Lets pass what a connection was opened to in another way than by this library.</summary>
    /// <exception cref="EgressRefusedException">It is forbidden.</exception>
    public void Admit(IPEndPoint endpoint)
    {
        if (Refusal(At(endpoint)) is { } refusal)
            throw refusal;
    }

    /// <summary>Those of the endpoints that may be dialed, at least one.</summary>
    /// <param name="endpoints">All that the name has.</param>
    /// <param name="recorder">Is told of the others.</param>
    /// <exception cref="EgressRefusedException">There is none. It tells of the first.</exception>
    public IReadOnlyList<IPEndPoint> Admit(IReadOnlyList<IPEndPoint> endpoints, CallRecorder? recorder)
    {
        List<IPEndPoint> admitted = [];
        EgressRefusedException? first = null;
        foreach (IPEndPoint endpoint in endpoints)
        {
            if (Refusal(At(endpoint)) is { } refusal)
            {
                first ??= refusal;
                recorder?.Dialed(endpoint, $"not dialed: {refusal.Rule}");
            }
            else
            {
                admitted.Add(endpoint);
            }
        }

        return admitted.Count > 0 || first is null ? admitted : throw first;
    }

    private static IPAddress? AddressOf(string host) =>
        AddressRange.TryReadAddress(host, out UInt128 address) ? AddressRange.AddressOf(address) : null;

    private static EgressRefusedException Refused(EgressTarget target, string rule, Exception? cause) =>
        new(target.Host, target.Port, target.Address, rule, cause);

    private EgressTarget At(IPEndPoint endpoint) => _origin with { Address = endpoint.Address, Port = endpoint.Port };

    private EgressRefusedException? Refusal(EgressTarget target)
    {
        try
        {
            return EgressRules.Of(_policy, target) is { } rule ? Refused(target, rule, null) : null;
        }
        catch (Exception e)
        {
            // A guard that cannot say lets nobody pass.
            string rule = $"{nameof(EgressPolicy)}.{nameof(EgressPolicy.Check)} threw {e.GetType().Name}: {e.Message.TrimEnd('.')}";
            return Refused(target, rule, e);
        }
    }
}
