using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

/// <summary>What is read of a body that its caller gives up: only what can save the connection (DS-28).</summary>
public sealed class DrainTests : ModeTests
{
    private static readonly RequestOptions _streamed = new() { PreloadContent = false };

    public static MatrixTheoryData<Mode, string> Hopeless => new(
        Enum.GetValues<Mode>(),
        [
            "Content-Length: 70000", // longer than anybody drains
            "Connection: close\r\nContent-Length: 10",
            "X: until the end",
        ]);

    [Theory, MemberData(nameof(Hopeless))]
    public async Task Nothing_is_read_that_cannot_save_the_connection(Mode mode, string headers)
    {
        (int reads, bool isSaved) = await GiveUp(mode, new Dialogue()
            .ExpectRequest().Send($"HTTP/1.1 200 OK\r\n{headers}\r\n\r\n").Send("x").Send("yz"));
        Assert.Equal((0, false), (reads, isSaved));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Nothing_is_read_of_another_protocol(Mode mode)
    {
        var upgrade = new RequestOptions { Headers = new() { { "Connection", "Upgrade" }, { "Upgrade", "echo" } } };
        (int reads, bool isSaved) = await GiveUp(
            mode,
            new Dialogue().ExpectRequest().Send("HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n").Send("x"),
            upgrade,
            drainsFirst: true);
        Assert.Equal((0, false), (reads, isSaved));
    }

    // In one mode only: a blocking caller cannot look whether a stream in memory has an answer, so it sends its body.
    [Fact]
    public async Task Nothing_is_read_while_the_server_is_owed_a_part_of_the_request()
    {
        var expecting = new RequestOptions { Body = "text", Headers = new() { { "Expect", "100-continue" } } };
        (int reads, bool isSaved) = await GiveUp(
            Mode.Asynchronous, new Dialogue().ExpectHead().Send("HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\n").Send("x").Send("yz"), expecting);
        Assert.Equal((0, false), (reads, isSaved));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_small_rest_is_read_and_saves_the_connection(Mode mode)
    {
        (int reads, bool isSaved) = await GiveUp(mode, new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n").Send("x").Send("yz"));
        Assert.Equal((2, true), (reads, isSaved));
    }

    private static async Task<(int Reads, bool IsSaved)> GiveUp(
        Mode mode, Dialogue dialogue, RequestOptions? options = null, bool drainsFirst = false)
    {
        var peer = new ScriptedPeer(dialogue);
        using var rig = new CallRig(() => peer.ClientEnd, peer.Time);
        UrllibResponse response = await rig.Send(
            mode, options?.Body is null ? "GET" : "POST", "/", (options ?? _streamed) with { PreloadContent = false });
        int before = peer.Reads;
        if (drainsFirst)
            await Call(mode, response.Drain, () => response.DrainAsync().AsTask()).WaitAsync(CallRig.Guard);
        await Call(mode, () => response.Dispose(), () => response.DisposeAsync().AsTask()).WaitAsync(CallRig.Guard);
        return (peer.Reads - before, rig.Counts.Idle == 1);
    }
}
