using Urllib4.Protocol;
using Urllib4.Protocol.Http2;

namespace Urllib4.Tests.Protocol.Http2;

/// <summary>What a server can make this side do for nothing (RFC 9113, section 10.5; checks H2-01 to H2-04).</summary>
public class Http2GuardTests
{
    public static TheoryData<string, byte[]> Idle => new()
    {
        { "PING", Frames.Ping(1) },
        { "PING ack", Frames.Ping(1, ack: true) },
        { "SETTINGS", Frames.Settings() },
        { "PRIORITY", Frames.Of(FrameType.Priority, 0, 1, 0, 0, 0, 0, 0) },
        { "RST_STREAM on a closed stream", Frames.Reset(3, Http2ErrorCode.Cancel) },
        { "WINDOW_UPDATE", Frames.WindowUpdate(0, 1) },
        { "WINDOW_UPDATE on a stream", Frames.WindowUpdate(1, 1) },
        { "WINDOW_UPDATE on a closed stream", Frames.WindowUpdate(3, 1) },
        { "empty DATA", Frames.Data(1, "") },
        { "padded DATA without a body", Frames.Of(FrameType.Data, 8, 1, 3, 0, 0, 0) },
        { "HEADERS on a stream that was reset", Frames.Of(FrameType.Headers, Frames.Whole, 3, 0x88) },
        { "small DATA on a stream that was reset", Frames.Data(3, "x") },
        { "GOAWAY", Frames.GoAway(int.MaxValue, Http2ErrorCode.NoError) },
        { "ORIGIN", Frames.Of(FrameType.Origin, 0, 0) },
        { "an unknown frame", Frames.Of((FrameType)0x99, 0, 0, 1, 2, 3) },
    };

    [Theory, MemberData(nameof(Idle))]
    [Trait("check", "H2-01")]
    [Trait("check", "H2-03")]
    public void A_flood_of_frames_that_carry_nothing_ends_the_connection(string kind, byte[] frame)
    {
        var client = Begun();
        int most = kind == "SETTINGS" ? Http2Guard.Allowance / Http2Guard.SettingsCost : Http2Guard.Allowance;
        for (int i = 0; i < most - 50; i++)
            Flushed(client).Receive(frame);
        Assert.Null(client.Error);
        for (int i = 0; i < 100 && client.Error is null; i++)
            Flushed(client).Receive(frame);
        var error = Assert.IsType<Http2Exception>(client.Error);
        Assert.Equal((Http2ErrorCode.EnhanceYourCalm, 0), (error.ErrorCode, error.StreamId));
        Assert.EndsWith("GOAWAY 0 EnhanceYourCalm", client.Written(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Idle))]
    public void The_same_frames_over_hours_end_nothing(string kind, byte[] frame)
    {
        var client = Begun();
        for (int i = 0; i < 3 * Http2Guard.Allowance; i++)
        {
            if (i % 500 == 0)
                client.Session.BeginPeriod();
            Flushed(client).Receive(frame);
        }

        Assert.True(client.Error is null, kind);
    }

    [Theory]
    [InlineData("PING")]
    [InlineData("SETTINGS")]
    [Trait("check", "H2-01")]
    public void Answers_that_nobody_reads_are_bounded(string kind)
    {
        var client = Begun();
        client.Output.ResetWrittenCount();
        client.Session.Flushed();
        byte[] frame = kind == "PING" ? Frames.Ping(1) : Frames.Settings();
        for (int i = 0; i < 2 * Http2Guard.MaxUnsentAnswers && client.Error is null; i++)
        {
            client.Session.BeginPeriod();
            client.Receive(frame);
        }

        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, Assert.IsType<Http2Exception>(client.Error).ErrorCode);
        Assert.InRange(client.Output.WrittenCount, 1000, 20_000);
    }

    [Fact]
    public void Frames_that_go_with_work_cost_nothing()
    {
        var client = new Http2Client();
        for (int i = 0; i < 20_000; i++)
        {
            Http2Stream stream = client.Get("POST", framing: BodyFraming.Chunked);
            client.Send(stream, "x", isLast: true);
            Flushed(client).Receive(
                Frames.WindowUpdate(0, 1), Frames.WindowUpdate(stream.Id, 1), Frames.Ping(1), Frames.Headers(stream.Id, ":status: 200"),
                Frames.Data(stream.Id, "x"), Frames.Data(stream.Id, "", end: true));
        }

        Assert.Null(client.Error);
    }

    [Fact]
    public void A_long_upload_may_be_answered_with_two_updates_a_frame()
    {
        var client = new Http2Client();
        Http2Stream stream = client.Get("POST", framing: BodyFraming.Chunked);
        for (int i = 0; i < 20_000; i++)
        {
            Assert.Equal(3, client.Send(stream, "abc", isLast: false));
            Flushed(client).Receive(Frames.WindowUpdate(0, 3), Frames.WindowUpdate(1, 3));
        }

        Assert.Null(client.Error);
    }

    [Fact]
    [Trait("check", "H2-03")]
    public void A_flood_of_small_frames_that_nobody_reads_ends_the_connection()
    {
        var client = new Http2Client { Consumes = false };
        Http2Stream stream = client.Get();
        client.Receive(Frames.Headers(1, ":status: 200"));
        byte[] frame = Frames.Data(1, "x");
        for (int i = 0; i < Http2Guard.MaxSmallFrames; i++)
            Flushed(client).Receive(frame);
        Assert.Null(client.Error);
        client.Receive(frame);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, Assert.IsType<Http2Exception>(client.Error).ErrorCode);
        Assert.Equal(Http2Guard.MaxSmallFrames, stream.Unconsumed);
    }

    [Fact]
    public void A_stream_of_small_frames_that_is_read_may_go_on_for_ever()
    {
        var client = new Http2Client();
        client.Get();
        client.Receive(Frames.Headers(1, ":status: 200"));
        byte[] frame = Frames.Data(1, "x");
        for (int i = 0; i < 3 * Http2Guard.MaxSmallFrames; i++)
            Flushed(client).Receive(frame);
        Assert.Null(client.Error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [Trait("check", "H2-02")]
    public void A_flood_of_continuations_ends_the_connection(int length)
    {
        var client = new Http2Client();
        client.Get();
        client.Receive(Frames.Of(FrameType.Headers, 0, 1, 0x88));
        int sent = 0;
        for (; client.Error is null && sent < 1000; sent++)
            client.Receive(Frames.Of(FrameType.Continuation, 0, 1, new byte[length]));
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, Assert.IsType<Http2Exception>(client.Error).ErrorCode);
        Assert.Equal(Http2Guard.MaxContinuations(4 * 64 * 1024) + 1, sent);
    }

    [Fact]
    [Trait("check", "H2-02")]
    public void A_block_without_end_is_not_kept()
    {
        var client = new Http2Client(new() { Limits = new() { MaxHeaderBytes = 1000 } });
        client.Get();
        client.Receive(Frames.Of(FrameType.Headers, 0, 1, 0x88));
        client.Receive(Frames.Of(FrameType.Continuation, 0, 1, new byte[3999]));
        Assert.Null(client.Error);
        client.Receive(Frames.Of(FrameType.Continuation, 0, 1, new byte[1]));
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, Assert.IsType<Http2Exception>(client.Error).ErrorCode);
    }

    [Fact]
    public void Small_limits_still_leave_five_continuations() => Assert.Equal((5, 20), (Http2Guard.MaxContinuations(1), Http2Guard.MaxContinuations(256 * 1024)));

    [Fact]
    [Trait("check", "H2-04")]
    public void A_server_that_makes_us_reset_stream_after_stream_loses_the_connection()
    {
        var client = new Http2Client();
        int resets = 0;
        for (; client.Error is null && resets < 10_000; resets++)
        {
            Http2Stream stream = client.Get();
            Flushed(client).Receive(Frames.WindowUpdate(stream.Id, 0));
        }

        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, Assert.IsType<Http2Exception>(client.Error).ErrorCode);
        Assert.InRange(resets, Http2Guard.Allowance / Http2Guard.StreamErrorCost, 5 * Http2Guard.Allowance / Http2Guard.StreamErrorCost);
    }

    [Fact]
    [Trait("check", "H2-04")]
    public void Streams_that_were_reset_are_remembered_in_bounded_number_and_nobody_is_accused_wrongly()
    {
        var client = new Http2Client();
        client.Receive(Frames.Settings((SettingId.MaxConcurrentStreams, 10_000)));
        Http2Stream complete = client.Get();
        Http2Stream[] streams = [.. Enumerable.Range(0, 2 * ResetMemory.Size).Select(_ => client.Get())];
        client.Receive(Frames.Headers(complete.Id, ":status: 200", end: true));
        foreach (Http2Stream stream in streams)
            client.Session.Reset(stream, Http2ErrorCode.Cancel, client.Output);
        client.Session.BeginPeriod();
        foreach (Http2Stream stream in streams)
            client.Receive(Frames.Headers(stream.Id, ":status: 200", end: true));
        Assert.Null(client.Error);
        client.Receive(Frames.Headers(streams[^1].Id, ":status: 200")); // among those remembered: it has ended
        Assert.Equal(Http2ErrorCode.StreamClosed, Assert.IsType<Http2Exception>(client.Error).ErrorCode);
    }

    [Fact]
    [Trait("check", "H2-06")]
    public void A_long_frame_that_has_only_begun_costs_no_memory()
    {
        var client = new Http2Client();
        client.Get();
        client.Receive(Frames.Headers(1, ":status: 200"));
        byte[] unknown = Frames.Claiming(60_000, (FrameType)0x99, 0, 0, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        client.Receive(1, unknown);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000);
    }

    private static Http2Client Begun()
    {
        var client = new Http2Client();
        client.Get("POST", framing: BodyFraming.Chunked);
        Http2Stream reset = client.Get();
        client.Session.Reset(reset, Http2ErrorCode.Cancel, client.Output);
        client.Receive(Frames.Headers(1, ":status: 200"));
        return client;
    }

    private static Http2Client Flushed(Http2Client client)
    {
        client.Output.ResetWrittenCount();
        client.Events();
        client.Session.Flushed();
        return client;
    }
}
