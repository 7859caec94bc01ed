using System.Globalization;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

public sealed class AllocationTests
{
    // A debug build makes an object of every asynchronous frame, also of those that never wait. An optimized one makes 250 bytes once the
    // last tier of compilation is reached, and some more before, which a test cannot wait for.
#if DEBUG
    private const long MostBeyondTheBytes = 2500;
#else
    private const long MostBeyondTheBytes = 450;
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
        Send(manager, url);

        long perRequest = Send(manager, url);

        Assert.True(
            perRequest - _response.Length <= MostBeyondTheBytes,
            string.Create(CultureInfo.InvariantCulture, $"{perRequest} bytes were allocated for a response of {_response.Length}"));
        Assert.Equal(1, server.Connections);
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
