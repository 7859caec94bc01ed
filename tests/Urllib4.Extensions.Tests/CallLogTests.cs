using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Urllib4.Extensions.Tests;

public sealed class CallLogTests : ServiceTests
{
    private const string Redirect =
        "HTTP/1.1 307 Go\r\nLocation: /?token=canary-location\r\nSet-Cookie: canary-cookie\r\nContent-Length: 0\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\ncanary-body";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_call_is_told_in_lines_of_their_levels_and_no_secret_is_in_them(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send(Redirect).ExpectRequest().Send(Ok));
        var log = new LogLines("Urllib4");
        await using (ServiceProvider services = Provider(static s => s.AddUrllib4(), log: log))
        {
            await Get(
                mode, services.GetRequiredService<PoolManager>(),
                $"http://canary-user:canary-password@127.0.0.1:{server.Port}/a?key=canary-query#canary-fragment");
        }

        string[] lines = [.. log.All];
        Assert.Equal(
            [
                "Trace AttemptStarted", "Debug ConnectionOpened", "Trace Leased", "Debug Answered", "Information GoingOn",
                "Trace AttemptStarted", "Trace Leased", "Debug Answered", "Debug ConnectionClosed",
            ],
            lines.Select(static l => l.Split(':')[0])
                .Where(static l => l is not ("Trace PhaseEnded" or "Trace Dialed" or "Trace Released")));
        Assert.Matches(
            @"^Debug Answered: call \d+, attempt 1 \(Call\): GET "
            + $@"http://127\.0\.0\.1:{server.Port}/a\?\*\*\*: answered 307 in HTTP/1\.1 on a new connection #\d+",
            lines.First(static l => l.StartsWith("Debug Answered", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, static l => l.Contains("canary", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_failed_attempt_is_a_warning_and_going_on_is_information(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Close(),
            new Dialogue().ExpectRequest().Send(Ok));
        var log = new LogLines("Urllib4");
        await using ServiceProvider services = Provider(
            static s => s.AddUrllib4(static o => o with { Retries = new Retry { Total = 1 } }), log: log, level: LogLevel.Information);

        await Get(mode, services.GetRequiredService<PoolManager>(), $"{server.Url}/?key=canary");

        string[] lines = [.. log.All];
        Assert.Equal(["Warning Failed", "Information GoingOn"], lines.Select(static l => l.Split(':')[0]));
        Assert.DoesNotContain(lines, static l => l.Contains("canary", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_name_that_serves_though_the_resolver_fails_is_a_warning()
    {
        var log = new LogLines("Urllib4");
        var clock = new VirtualTime();
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Send(Ok));
        var directory = new Turning(server.EndPoint);
        await using ServiceProvider services = Provider(
            s => s.AddUrllib4(o => o with { Resolver = directory, Clock = clock, MaxLifetime = TimeSpan.Zero }), log: log);
        var manager = services.GetRequiredService<PoolManager>();
        await manager.RequestAsync("GET", $"http://a.test:{server.Port}/");
        clock.Advance(TimeSpan.FromMinutes(1));

        await manager.RequestAsync("GET", $"http://a.test:{server.Port}/");

        string[] lines = [.. log.All.Where(static l => l.Contains("a.test is ", StringComparison.Ordinal))];
        Assert.Equal(["Trace Resolved", "Warning StaleName"], lines.Select(static l => l.Split(':')[0]));
        Assert.Contains("(stale, 60 s old: out of order)", lines[1], StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_a_callback_throws_is_named_and_not_told(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        var log = new LogLines("Urllib4");
        await using ServiceProvider services = Provider(
            static s => s.AddUrllib4(static o => o with { Events = new Thrower() }), log: log, level: LogLevel.Information);

        await Assert.ThrowsAnyAsync<Exception>(() => Get(mode, services.GetRequiredService<PoolManager>(), $"{server.Url}/get"));

        Assert.EndsWith("failed with InvalidOperationException", Assert.Single(log.All), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_entry_of_NO_PROXY_that_nobody_can_read_is_one_warning(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        var log = new LogLines("Urllib4");
        var listener = new Listener();
        ProxyOptions proxy = new(server.Url) { NoProxy = ["*.", "127.0.0.1"] };
        await using ServiceProvider services = Provider(
            s => s.AddUrllib4(o => o with { Proxy = proxy, Events = listener }), log: log, level: LogLevel.Warning);

        for (int i = 0; i < 2; i++)
            await Get(mode, services.GetRequiredService<PoolManager>(), $"{server.Url}/get");

        Assert.Equal("Warning NoProxyEntryIgnored: NO_PROXY: nobody can read '*.', so it covers nothing", Assert.Single(log.All));
        Assert.Single(listener.Told, "NoProxyEntryIgnored");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Who_listened_before_goes_on_to_be_told(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        var listener = new Listener();
        await using (ServiceProvider services = Provider(
            s => s.AddUrllib4(o => o with { Events = listener }), log: new LogLines("Urllib4"), level: LogLevel.Warning))
        {
            await Get(mode, services.GetRequiredService<PoolManager>(), $"{server.Url}/redirect/1");
        }

        Assert.Equal(
            [
                "Answered", "AttemptStarted", "ConnectionClosed", "ConnectionOpened", "Dialed", "GoingOn", "Leased", "PhaseEnded",
                "PhaseStarted", "Released",
            ],
            listener.Told.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_event_there_is_is_handed_on()
    {
        await using ServiceProvider services = Provider(static s => s.AddUrllib4(), log: new LogLines("Urllib4"));

        Type log = services.GetRequiredService<PoolManager>().Options.Events!.GetType();

        Assert.All(
            typeof(HttpEvents).GetMethods().Where(static m => m.DeclaringType == typeof(HttpEvents)),
            e => Assert.Equal(log, log.GetMethod(e.Name)!.DeclaringType));
    }

    [Fact]
    public async Task A_category_that_is_off_attaches_nothing()
    {
        await using ServiceProvider off = Provider(static s => s.AddUrllib4(), log: new LogLines("Urllib4"), level: LogLevel.None);
        await using ServiceProvider without = Provider(static s => s.AddUrllib4());
        await using ServiceProvider on = Provider(static s => s.AddUrllib4(), log: new LogLines("Urllib4"), level: LogLevel.Critical);

        Assert.Null(off.GetRequiredService<PoolManager>().Options.Events);
        Assert.Null(without.GetRequiredService<PoolManager>().Options.Events);
        Assert.NotNull(on.GetRequiredService<PoolManager>().Options.Events);
    }

    private sealed class Thrower : HttpEvents
    {
        public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection) => throw new InvalidOperationException("canary");
    }

    private sealed class Listener : HttpEvents
    {
        public ConcurrentQueue<string> Told { get; } = new();

        public override void AttemptStarted(HttpAttempt attempt) => Told.Enqueue("AttemptStarted");

        public override void PhaseStarted(HttpAttempt attempt, HttpPhase phase) => Told.Enqueue("PhaseStarted");

        public override void PhaseEnded(HttpAttempt attempt, PhaseTime phase) => Told.Enqueue("PhaseEnded");

        public override void Dialed(HttpAttempt attempt, DialedAddress address) => Told.Enqueue("Dialed");

        public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection) => Told.Enqueue("Leased");

        public override void Answered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection) =>
            Told.Enqueue("Answered");

        public override void Released(HttpAttempt attempt, HttpConnectionInfo connection) => Told.Enqueue("Released");

        public override void GoingOn(HttpAttempt attempt, string reason, TimeSpan pause) => Told.Enqueue("GoingOn");

        public override void NoProxyEntryIgnored(string entry) => Told.Enqueue("NoProxyEntryIgnored");

        public override void ConnectionOpened(Url origin, HttpConnectionInfo connection) => Told.Enqueue("ConnectionOpened");

        public override void ConnectionClosed(Url origin, HttpConnectionInfo connection) => Told.Enqueue("ConnectionClosed");
    }

    private sealed class Turning(IPEndPoint endpoint) : Resolver
    {
        private bool _isBroken;

        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port)
        {
            if (_isBroken)
                throw new InvalidOperationException("out of order");
            _isBroken = true;
            return [endpoint];
        }
    }
}
