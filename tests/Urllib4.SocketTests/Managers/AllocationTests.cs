using System.Globalization;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

public sealed class AllocationTests
{
    // A debug build makes an object of every asynchronous frame, also of those that never wait. An optimized one, which is
    // compiled without tiers here, makes 250 bytes.
#if DEBUG
    private const long MostBeyondTheBytes = 2500;
#else
    private const long MostBeyondTheBytes = 300;
#endif

    private const int Requests = 200;

    private static readonly string _head = string.Join("\r\n", [
        "HTTP/1.1 200 OK",
        "Server: nginx/1.22.1",
        "Date: Mon, 05 Jan 2026 10:00:00 GMT",
        "Content-Type: application/json",
        "Content-Length: 150",
        "Connection: keep-alive",
        "ETag: \"695a3a40-96\"",
        "Cache-Control: max-age=60",
        "",
        ""]);

    private static readonly string _response = _head + new string('x', 150);

    [Fact]
    public async Task A_small_get_costs_little_memory_beyond_the_bytes_of_its_response()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Loop(static d => d.ExpectRequest().Send(_response)));
        using var manager = new PoolManager();
        string url = server.Url + "/small.json";
        Send(() => manager.Request("GET", url));

        long perRequest = Send(() => manager.Request("GET", url));

        Assert.True(
            perRequest - _response.Length <= MostBeyondTheBytes,
            string.Create(CultureInfo.InvariantCulture, $"{perRequest} bytes were allocated for a response of {_response.Length}"));
        Assert.Equal(1, server.Connections);
    }

#if !DEBUG
    [Fact]
    public async Task A_small_get_into_memory_of_the_callers_costs_no_memory()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Loop(static d => d.ExpectRequest().Send(_response)));
        using var manager = new PoolManager();
        string url = server.Url + "/small.json";
        var buffer = new ResponseBuffer();
        Send(() => manager.RequestInto("GET", url, buffer));

        long perRequest = Send(() => manager.RequestInto("GET", url, buffer));

        Assert.InRange(perRequest, 0, 80);
        Assert.Equal(150, buffer.Body.Length);
    }
#endif

    // A blocking call does all of its work on the calling thread, so nothing that others do is counted.
    private static long Send(Action call)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Requests; i++)
            call();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Requests;
    }
}
