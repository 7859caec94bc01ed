using System.Text;
using Urllib4.TestKit;
using Urllib4.Tests.Managers;

namespace Urllib4.Tests.Diagnostics;

/// <summary>What listeners are told of bodies.</summary>
public sealed class BodyEventsTests : ModeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory, ClassData(typeof(BothModes))]
    public async Task Both_bodies_are_told_and_opening_one_more_time_changes_nothing(Mode mode)
    {
        var log = new Log();
        ReceivedRequest? received = null;
        using CallRig rig = CallRig.Over(new PoolOptions { Events = log }, new Dialogue()
            .ExpectRequest(r => received = r).Send(Ok).ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));

        await rig.Send(mode, "POST", "/", new() { Body = RequestBody.FromStream(new MemoryStream("hello"u8.ToArray())) });
        await rig.Send(mode, "GET", "/");

        Assert.Equal(["Sending", "body of 5: hello", "part ok", "Sending"], log.All);
        Assert.Equal("hello", received!.Text);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_can_be_read_once_cannot_be_opened_by_a_listener(Mode mode)
    {
        var log = new Log();
        using CallRig rig = CallRig.Over(new PoolOptions { Events = log }, new Dialogue().ExpectRequest().Send(Ok));

        await rig.Send(mode, "POST", "/", new() { Body = RequestBody.FromChunks([new byte[] { 65 }], null, replayable: false) });

        Assert.Equal(["Sending", "body of : once", "part ok"], log.All);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Parts_are_told_as_the_caller_gets_them_and_not_of_what_nobody_reads(Mode mode)
    {
        var log = new Log();
        using CallRig rig = CallRig.Over(new PoolOptions { Events = log }, new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 4\r\n\r\nnone")
            .ExpectRequest().Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"));

        using UrllibResponse response = await rig.Send(mode, "GET", "/", new() { PreloadContent = false });
        byte[] part = new byte[1];
        _ = await Call(mode, () => response.Read(part.AsSpan()), () => response.ReadAsync(part.AsMemory()).AsTask());

        Assert.Equal(["Sending", "Sending", "part o"], log.All);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_listener_that_throws_at_a_part_of_the_body_changes_nothing(Mode mode)
    {
        using CallRig rig = CallRig.Over(new PoolOptions { Events = new Thrower() }, new Dialogue().ExpectRequest().Send(Ok));

        Assert.Equal("ok", (await rig.Send(mode, "GET", "/")).Text());
    }

    private sealed class Log : HttpEvents
    {
        public List<string> All { get; } = [];

        public override void Sending(HttpAttempt attempt, string method, string target, HttpHeaderDict headers) => All.Add("Sending");

        public override void SendingBody(HttpAttempt attempt, long? length, Func<Stream>? open)
        {
            if (open is null)
            {
                All.Add($"body of {length}: once");
                return;
            }

            using var reader = new StreamReader(open());
            All.Add($"body of {length}: {reader.ReadToEnd()}");
        }

        public override void BodyReceived(HttpAttempt attempt, ReadOnlySpan<byte> part) => All.Add($"part {Encoding.UTF8.GetString(part)}");
    }

    private sealed class Thrower : HttpEvents
    {
        public override void BodyReceived(HttpAttempt attempt, ReadOnlySpan<byte> part) => throw new InvalidTimeZoneException();
    }
}
