using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

/// <summary>The plainest call there is, many times. <c>tests/walk/run</c> counts the files and methods that it enters.</summary>
public sealed class WarmGetTests : MemoryTests
{
    private const int Count = 1000;

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_thousand_gets_go_one_after_the_other_over_one_connection(Mode mode)
    {
        using var manager = new PoolManager(Over(new MemoryDialer(new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)))));

        for (int i = 0; i < Count; i++)
            Assert.Equal((200, "ok"), await Get(mode, manager));

        HttpConnectionPool pool = manager.Pools.Single().Value;
        Assert.Equal((1, (long)Count), (pool.NumConnections, pool.NumRequests));
    }

    private static async Task<(int Status, string Text)> Get(Mode mode, PoolManager manager)
    {
        UrllibResponse response = mode == Mode.Blocking
            ? manager.Request("GET", "http://a.test/")
            : await manager.RequestAsync("GET", "http://a.test/");
        return (response.Status, response.Text());
    }
}
