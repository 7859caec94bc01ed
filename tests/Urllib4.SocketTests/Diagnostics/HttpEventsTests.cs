using Urllib4.TestKit;

namespace Urllib4.SocketTests.Diagnostics;

/// <summary>What a manager tells of a call and of its connections, in which order, and what becomes of a listener that throws.</summary>
public sealed class HttpEventsTests : ClientTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_call_is_told_from_its_beginning_to_the_end_of_its_connection(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Repeat(2, static d => d.ExpectRequest().Send(Ok)));
        var log = new EventLog();
        await using (var manager = new PoolManager(new PoolOptions { Events = log }))
        {
            await Send(mode, manager, "GET", server.Url);
            Assert.Equal(
                [
                    "AttemptStarted Call",
                    "PhaseStarted Resolve", "PhaseEnded Resolve", "PhaseStarted Connect", "Dialed well",
                    "ConnectionOpened False", "PhaseEnded Connect", "Leased new",
                    "PhaseStarted Send", "PhaseEnded Send", "PhaseStarted Head", "PhaseEnded Head", "Answered 200",
                    "PhaseStarted Body", "PhaseEnded Body", $"Released {Ok.Length} in",
                ],
                log.All);
            using UrllibResponse streamed = await Send(mode, manager, "GET", server.Url, new() { PreloadContent = false });
            Assert.Equal(
                [
                    "AttemptStarted Call", "Leased kept",
                    "PhaseStarted Send", "PhaseEnded Send", "PhaseStarted Head", "PhaseEnded Head", "Answered 200",
                    "PhaseStarted Body",
                ],
                log.All.Skip(16));
        }

        Assert.Equal("ConnectionClosed 2", log.All[^1]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_failed_attempt_and_the_one_after_it_are_told(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Close(), new Dialogue().ExpectRequest().Send(Ok));
        var log = new EventLog();
        await using var manager = new PoolManager(new PoolOptions { Events = log });

        await Send(mode, manager, "GET", server.Url);

        Assert.Equal(
            [
                "AttemptStarted Call", "Failed ConnectionClosedException", "Released 0 in",
                "GoingOn the GET was retried because the connection ended without a response", "AttemptStarted Retry",
            ],
            log.All.Where(static e => !e.Contains("Phase", StringComparison.Ordinal)
                && e.Split(' ')[0] is not ("Dialed" or "Leased" or "ConnectionOpened" or "ConnectionClosed")).Take(5));
        Assert.Single(log.All, "ConnectionClosed 1");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_that_is_closed_from_two_sides_is_told_once(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"));
        var log = new EventLog();
        var manager = new PoolManager(new PoolOptions { Events = log });
        UrllibResponse streamed = await Send(mode, manager, "GET", server.Url, new() { PreloadContent = false });

        await manager.DisposeAsync();
        await streamed.DisposeAsync();

        Assert.Single(log.All, static e => e.StartsWith("ConnectionClosed", StringComparison.Ordinal));
        Assert.Single(log.All, static e => e.StartsWith("Released", StringComparison.Ordinal));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_dial_that_fails_is_told(Mode mode)
    {
        var server = MisbehavingServer.Start();
        await server.DisposeAsync();
        var log = new EventLog();
        await using var manager = new PoolManager(new PoolOptions { Events = log, Retries = Retry.None });

        await Fails<NewConnectionException>(Send(mode, manager, "GET", server.Url));

        Assert.Equal(["Dialed refused", "PhaseEnded Connect", "Failed NewConnectionException"], log.All.TakeLast(3));
    }

    public static TheoryData<Mode, string> Early { get; } = new MatrixTheoryData<Mode, string>(
        Enum.GetValues<Mode>(), ["AttemptStarted", "PhaseStarted", "PhaseEnded", "Dialed", "Leased", "Answered"]);

    public static TheoryData<Mode, string> Late { get; } = new MatrixTheoryData<Mode, string>(
        Enum.GetValues<Mode>(), ["Released", "ConnectionOpened", "ConnectionClosed", "Failed", "GoingOn"]);

    [Theory, MemberData(nameof(Early))]
    public async Task A_listener_that_throws_before_the_head_has_come_ends_the_call(Mode mode, string at)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        int thrown = 0;
        var log = new EventLog
        {
            At = name =>
            {
                if (name == at && thrown++ == 0)
                    throw new InvalidTimeZoneException(at);
            },
        };
        await using var manager = new PoolManager(new PoolOptions { Events = log, MaxSize = 1, Block = true });

        Exception? error = await Record.ExceptionAsync(() => Send(mode, manager, "GET", server.Url));

        Assert.Equal(at, Assert.IsType<InvalidTimeZoneException>(error).Message);
        Assert.Contains("Failed InvalidTimeZoneException", log.All);
        server.WaitUntilAllClosed();
        AssertAtRest(manager);
        Assert.Equal(200, (await Send(mode, manager, "GET", server.Url)).Status);
        AssertAtRest(manager);
    }

    [Theory, MemberData(nameof(Late))]
    public async Task A_listener_that_throws_later_changes_nothing_and_loses_no_connection(Mode mode, string at)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok").Close(),
            new Dialogue().ExpectRequest().Send(Ok));
        int thrown = 0;
        var log = new EventLog
        {
            At = name =>
            {
                if (name == at)
                    throw new InvalidTimeZoneException($"{at} {++thrown}");
            },
        };
        await using var manager = new PoolManager(new PoolOptions { Events = log, MaxSize = 1, Block = true });
        Retry once = new() { Total = 1, StatusForcelist = [503], BackoffFactor = 0 };

        if (at is "GoingOn" or "Released")
        {
            // Told between two attempts: the second is not made.
            await Fails<InvalidTimeZoneException>(Send(mode, manager, "GET", server.Url, new() { Retries = once }));
        }
        else
        {
            await Fails<IncompleteReadException>(Send(mode, manager, "GET", server.Url, new() { Retries = once }));
            Assert.Equal("ok", (await Send(mode, manager, "GET", server.Url)).Text());
        }

        AssertAtRest(manager);
        Assert.True(thrown > 0, $"{at} was never told.");
    }
}
