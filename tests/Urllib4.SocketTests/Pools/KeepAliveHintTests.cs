using Urllib4.TestKit;

namespace Urllib4.SocketTests.Pools;

/// <summary>F18: a server that closes idle connections sooner than we do says so, and is believed.</summary>
public sealed class KeepAliveHintTests : ClientTests
{
    public static TheoryData<Mode, string, int> Hints()
    {
        var rows = new TheoryData<Mode, string, int>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            rows.Add(mode, "timeout=1", 2);
            rows.Add(mode, "max=100, Timeout=2", 2);
            rows.Add(mode, "timeout=60, max=100", 1);
            rows.Add(mode, "timeout=soon", 1);
            rows.Add(mode, "timeout=99999999999", 1);
            rows.Add(mode, "", 1);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Hints))]
    public async Task A_connection_is_kept_no_longer_than_the_server_keeps_it(Mode mode, string hint, int connections)
    {
        string answer = $"HTTP/1.1 200 OK\r\nKeep-Alive: {hint}\r\nContent-Length: 2\r\n\r\nok";
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Send(answer)));
        using var http = new PoolManager();

        await Send(mode, http, "GET", server.Url);
        await Send(mode, http, "GET", server.Url);

        Assert.Equal(connections, server.Connections);
    }
}
