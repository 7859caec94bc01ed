using System.Diagnostics.Metrics;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>What a handler measures whose meters come from a factory: the same as the platform's, whose names it takes.</summary>
public sealed class MeterFactoryTests : ClientTests
{
    public static TheoryData<Mode, string> Calls { get; } = new MatrixTheoryData<Mode, string>(
        [Mode.Blocking, Mode.Asynchronous], ["good", "missing", "brew", "twice", "moved", "cut", "nonsense", "refused"]);

    [Theory, MemberData(nameof(Calls))]
    public async Task Every_instrument_says_what_that_of_the_platform_says(Mode mode, string call)
    {
        string[] theirs = await Play(mode, call, static meters => new SocketsHttpHandler { MeterFactory = meters });
        string[] ours = await Play(mode, call, static meters => new UrllibHandler(PoolOptions.Default) { MeterFactory = meters });

        Assert.NotEmpty(theirs);
        Assert.Equal(theirs, ours);
    }

    [Fact]
    public void Without_a_factory_there_is_no_meter_of_the_platforms_name_and_a_manager_that_is_given_takes_none()
    {
        using var manager = new PoolManager();
        using var handler = new UrllibHandler(manager, disposeManager: false);
        using var meters = new Meters();

        Assert.Null(handler.MeterFactory);
        Assert.Throws<InvalidOperationException>(() => handler.MeterFactory = meters);
    }

    [Fact]
    public async Task Whoever_listens_besides_is_told_as_before()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        var heard = new Told();
        using var meters = new Meters();
        using var http = new HttpClient(new UrllibHandler(new PoolOptions { Events = heard }) { MeterFactory = meters });

        await http.GetStringAsync(new Uri(server.Url));
        http.Dispose();

        Assert.Equal(["started", "opened", "leased", "sending", "received", "answered", "released", "closed"], heard.All.Distinct());
    }

    private static async Task<string[]> Play(Mode mode, string call, Func<IMeterFactory, HttpMessageHandler> make)
    {
        using var meters = new Meters();
        await using var server = MisbehavingServer.Start(_ => Server(call));
        if (call == "refused")
            server.Dispose();
        using (var http = new HttpClient(make(meters)))
        {
            for (int i = 0; i < (call == "twice" ? 2 : 1); i++)
            {
                var request = new HttpRequestMessage(call == "brew" ? new HttpMethod("BREW") : HttpMethod.Get, server.Url + "/a?b");
                await Record.ExceptionAsync(async () =>
                    (await Call(mode, () => http.Send(request), () => http.SendAsync(request)).WaitAsync(Patience)).Dispose());
            }
        }

        if (call != "refused")
            server.WaitUntilAllClosed();
        return [.. meters.Lines.Select(line => line.Replace($"{server.Port}", "PORT", StringComparison.Ordinal))];
    }

    private static Dialogue Server(string call) => call switch
    {
        "good" or "brew" => new Dialogue().ExpectRequest().Send(Ok),
        "missing" => new Dialogue().ExpectRequest().Send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
        "moved" => new Dialogue().ExpectRequest().Send("HTTP/1.1 302 Go\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n")
            .ExpectRequest().Send(Ok),
        "cut" => new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nServ").Close(),
        "nonsense" => new Dialogue().ExpectRequest().Send("SSH-2.0-OpenSSH\r\n\r\n").Close(),
        "twice" => new Dialogue().Repeat(2, static d => d.ExpectRequest().Send(Ok)),
        _ => new Dialogue(),
    };

    /// <summary>A factory that listens to what it has made.</summary>
    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];
        private readonly List<(string Instrument, long? Value, string Tags)> _all = [];
        private readonly MeterListener _listener = new();

        public Meters()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == this)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, null, tags));
            _listener.Start();
        }

        /// <summary>What was measured: how often something took time, and what is left of what was counted.</summary>
        public IEnumerable<string> Lines
        {
            get
            {
                lock (_all)
                    return [.. _all.GroupBy(static m => (m.Instrument, m.Tags))
                        .Select(static same => $"{same.Key.Instrument} {same.Count(static m => m.Value is null)} {same.Sum(static m => m.Value)}"
                            + $" {same.Key.Tags}")
                        .Order(StringComparer.Ordinal)];
            }
        }

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose()
        {
            _listener.Dispose();
            _meters.ForEach(static meter => meter.Dispose());
        }

        private void Note(Instrument instrument, long? value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var texts = new List<string>();
            foreach ((string name, object? tag) in tags)
                texts.Add($"{name}={tag}".Replace("::ffff:", "", StringComparison.Ordinal)); // the platform dials with sockets of IPv6
            texts.Sort(StringComparer.Ordinal);
            lock (_all)
                _all.Add(($"{instrument.Meter.Name} {instrument.GetType().Name} {instrument.Name} [{instrument.Unit}]", value, string.Join(' ', texts)));
        }
    }

    private sealed class Told : HttpEvents
    {
        private readonly List<string> _all = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_all)
                    return [.. _all];
            }
        }

        public override void AttemptStarted(HttpAttempt attempt) => Note("started");

        public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection) => Note("leased");

        public override void Sending(HttpAttempt attempt, string method, string target, HttpHeaderDict headers) => Note("sending");

        public override void Received(HttpAttempt attempt, int status, string reason, Version version, HttpHeaderDict headers) =>
            Note("received");

        public override void Answered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection) => Note("answered");

        public override void Released(HttpAttempt attempt, HttpConnectionInfo connection) => Note("released");

        public override void ConnectionOpened(Url origin, HttpConnectionInfo connection) => Note("opened");

        public override void ConnectionClosed(Url origin, HttpConnectionInfo connection) => Note("closed");

        private void Note(string what)
        {
            lock (_all)
                _all.Add(what);
        }
    }
}
