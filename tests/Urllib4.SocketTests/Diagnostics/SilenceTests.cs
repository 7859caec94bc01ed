using System.Diagnostics;
using Urllib4.Diagnostics;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Diagnostics;

/// <summary>Instruments cost nothing while nobody looks at them.</summary>
[Collection(AloneGroup.Name)]
public sealed class SilenceTests
{
    private const int Requests = 200;

    [Fact]
    public void Without_a_listener_there_is_no_recorder_and_not_a_byte_is_allocated()
    {
        Activity.Current = null;
        Assert.Null(CallRecorder.For(explain: false, null, TimeProvider.System));

        long before = GC.GetAllocatedBytesForCurrentThread();
        bool any = false;
        for (int i = 0; i < Requests; i++)
            any |= CallRecorder.For(explain: false, null, TimeProvider.System) is not null || ConnectionEvents.IsOn(null);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((false, 0), (any, allocated));
    }

    [Fact]
    public async Task A_request_allocates_as_much_after_somebody_has_listened_as_before()
    {
        Activity.Current = null;
        await using var server = MisbehavingServer.Start(new Dialogue().Loop(
            static d => d.ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")));
        using var manager = new PoolManager();
        Send(manager, server.Url);

        long before = Send(manager, server.Url);
        long during;
        using (new Spans())
        using (new Measurements())
        using (new LoggedEvents())
            during = Send(manager, server.Url);
        long after = Send(manager, server.Url);

        // Once in a while a table of the runtime grows; a recorder alone is 100 bytes.
        Assert.InRange(after, before - 16, before + 16);
        Assert.True(during > before + 500, "Nobody listened.");
    }

    // A blocking call does all of its work on the calling thread, so nothing that others do is counted.
    private static long Send(PoolManager manager, string url)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Requests; i++)
            manager.Request("GET", url);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Requests;
    }
}
