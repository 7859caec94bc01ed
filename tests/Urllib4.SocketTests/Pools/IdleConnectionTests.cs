using System.Runtime.CompilerServices;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Pools;

public sealed class IdleConnectionTests : ClientTests
{
    [Fact]
    public void An_idle_connection_holds_nothing_of_the_call_it_served()
    {
        using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        using var http = new PoolManager();

        (WeakReference callback, WeakReference token) = SendWithCallback(http, server.Url);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Single(http.ConnectionFromUrl(server.Url).Snapshot().Idle);
        Assert.False(callback.IsAlive);
        Assert.False(token.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Callback, WeakReference Token) SendWithCallback(PoolManager http, string url)
    {
        var seen = new List<InformationalResponse>();
        using var stop = new CancellationTokenSource();
        http.Request("GET", url, new() { OnInformational = seen.Add }, stop.Token);
        return (new WeakReference(seen), new WeakReference(stop));
    }
}
