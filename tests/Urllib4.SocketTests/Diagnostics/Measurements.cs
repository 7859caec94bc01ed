using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Urllib4.SocketTests.Diagnostics;

/// <summary>What one instrument has reported once, and in which span.</summary>
internal sealed record Measured(string Instrument, double Value, Dictionary<string, string> Tags, string? Span);

/// <summary>Listens to one meter from its making until it is disposed.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Measured> _all = [];
    private readonly MeterListener _listener = new();

    public Measurements(string meter = "Urllib4")
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Everything that was reported.</summary>
    public IReadOnlyList<Measured> All
    {
        get
        {
            lock (_gate)
                return [.. _all];
        }
    }

    /// <summary>What one instrument has reported of one port.</summary>
    public IReadOnlyList<Measured> Of(string instrument, int port) =>
        [.. All.Where(m => m.Instrument == instrument && m.Tags.GetValueOrDefault("server.port") == $"{port}")];

    /// <summary>Asks the instruments that only report when they are asked.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Dictionary<string, string> texts = [];
        foreach ((string name, object? tag) in tags)
            texts.Add(name, $"{tag}");
        lock (_gate)
            _all.Add(new Measured(instrument.Name, value, texts, Activity.Current?.Id));
    }
}
