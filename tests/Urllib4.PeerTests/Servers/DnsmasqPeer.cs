using System.Diagnostics;
using System.Net;

namespace Urllib4.PeerTests.Servers;

/// <summary>dnsmasq: a name server that knows what it is told of <c>.test</c>, and refuses to speak of anything else.</summary>
/// <remarks>What it knows changes, so each test has one of its own, and disposes it.</remarks>
public sealed class DnsmasqPeer : PeerServer
{
    /// <summary>The time to live of its addresses, in seconds.</summary>
    public const int TimeToLive = 20;

    /// <summary>The time to live of the alias that it knows, <c>alias.test</c> for <c>a.test</c>, in seconds.</summary>
    public const int AliasTimeToLive = 3;

    private int _changes;

    private DnsmasqPeer()
        : base("dnsmasq", "dnsmasq-base")
    {
    }

    /// <summary>Where it answers.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    private string Hosts => Path.Combine(Home, "hosts");

    /// <summary>Starts one that knows names.</summary>
    /// <param name="hosts">Lines of an address and its names.</param>
    public static DnsmasqPeer With(params IReadOnlyList<string> hosts)
    {
        var peer = new DnsmasqPeer();
        peer.Start();
        peer.Change(hosts);
        return peer;
    }

    /// <summary>Makes it forget what it knew, and know other names.</summary>
    public void Change(params IReadOnlyList<string> hosts)
    {
        File.Delete(Path.Combine(Hosts, $"{_changes}"));
        string name = $"{++_changes}";
        File.WriteAllLines(Path.Combine(Hosts, name), hosts);
        Signal("-HUP");
        WaitForLog($"read {Path.Combine(Hosts, name)} - ");
    }

    /// <summary>Ends it, so that nobody answers there.</summary>
    public void Stop()
    {
        Signal("-KILL");
        Assert.True(SpinWait.SpinUntil(() => HasExited, TimeSpan.FromMinutes(2)));
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, TakePort());
        Directory.CreateDirectory(Hosts);
        string configuration = Write("dnsmasq.conf", $"""
            port={EndPoint.Port}
            listen-address=127.0.0.1
            bind-interfaces
            no-resolv
            no-hosts
            addn-hosts={Hosts}
            local=/test/
            local-ttl={TimeToLive}
            cname=alias.test,a.test,{AliasTimeToLive}
            log-facility=-
            user=root
            """);
        return ["--keep-in-foreground", $"--conf-file={configuration}", "--pid-file="];
    }

    private void Signal(string signal)
    {
        using Process? kill = Process.Start("kill", [signal, $"{ProcessId}"]);
        kill!.WaitForExit();
    }
}
