using System.Diagnostics.Metrics;
using System.Net;
using Urllib4.Diagnostics;
using Urllib4.TestKit;

namespace Urllib4.Tests.Diagnostics;

/// <summary>What is measured on a clock that stands still. Other tests may measure at the same time, but not of this host.</summary>
public sealed class MetricWriterTests : IDisposable
{
    private const string Host = "measured.test";

    private static readonly HttpConnectionInfo Connection = new() { Id = 7, BytesWritten = 12, BytesRead = 34 };

    private readonly VirtualTime _clock = new();
    private readonly MetricWriter _writer;
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value)> _measured = [];

    public MetricWriterTests()
    {
        _writer = new MetricWriter(_clock);
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Urllib4" && !instrument.IsObservable)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_wait_for_a_connection_and_the_time_to_the_head_are_measured_in_seconds()
    {
        HttpAttempt attempt = Attempt(AttemptCause.Call);
        _writer.AttemptStarted(attempt);
        _writer.PhaseStarted(attempt, HttpPhase.PoolWait);
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        _writer.Leased(attempt, Connection);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        _writer.Answered(attempt, 200, HttpVersion.Version11, Connection);
        _clock.Advance(TimeSpan.FromSeconds(9));
        _writer.Failed(attempt, new IncompleteReadException(1, 2));
        _writer.Released(attempt, Connection);

        Assert.Equal(
            [
                ("http.client.active_requests", 1), ("http.client.request.time_in_queue", 0.25), ("http.client.active_requests", -1),
                ("http.client.request.duration", 0.35), ("urllib4.bytes.sent", 12), ("urllib4.bytes.received", 34),
            ],
            _measured);
    }

    [Fact]
    public void Who_finds_an_idle_connection_was_in_no_queue()
    {
        HttpAttempt attempt = Attempt(AttemptCause.Call);
        _writer.AttemptStarted(attempt);
        _writer.Leased(attempt, Connection);

        Assert.Equal([("http.client.active_requests", 1)], _measured);
    }

    [Theory]
    [InlineData(AttemptCause.Retry, "urllib4.retries")]
    [InlineData(AttemptCause.Redirect, "urllib4.redirects")]
    [InlineData(AttemptCause.Replay, "urllib4.replays")]
    [InlineData(AttemptCause.Amended, null)]
    public void An_attempt_is_counted_by_its_cause(AttemptCause cause, string? instrument)
    {
        _writer.AttemptStarted(Attempt(cause));

        Assert.Equal(instrument is null ? [] : [(instrument, 1d)], _measured.Skip(1));
    }

    private static HttpAttempt Attempt(AttemptCause cause) => new(1, 1, cause, "GET", Url.Parse($"https://{Host}/"));

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach ((string name, object? tag) in tags)
        {
            if (name == "server.address" && tag is Host)
                _measured.Add((instrument.Name, value));
        }
    }
}
