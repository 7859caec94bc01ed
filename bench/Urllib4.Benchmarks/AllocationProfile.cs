using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>
/// What a small GET allocates, by type and size of the object. The runtime tells of an object about every 100 KB, at random and each with
/// a chance by its size, so over many requests every kind is seen in proportion to its bytes.
/// </summary>
internal sealed class AllocationProfile : EventListener
{
    private const double BytesForEach = 102_400;

    private static readonly TimeSpan _length = TimeSpan.FromSeconds(8);

    private static readonly ConcurrentDictionary<(string Type, long Size), long> _samples = new();

    /// <summary>Prints what the clients of a scene allocate, in this process.</summary>
    public static void Run(Session session)
    {
        foreach (Clients client in (Clients[])[Clients.Urllib4, Clients.HttpClient, Clients.Handler])
        {
            using OwnVariant variant = session.Own(client);
            variant.Run(TimeSpan.FromSeconds(1.5));
            Print(client, variant);
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        // The keyword of the samples, which the framework has no name for.
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            EnableEvents(eventSource, EventLevel.Informational, (EventKeywords)0x80000000000);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName != "AllocationSampled")
            return;
        var type = (string)eventData.Payload![eventData.PayloadNames!.IndexOf("TypeName")]!;
        object size = eventData.Payload[eventData.PayloadNames.IndexOf("ObjectSize")]!;
        _samples.AddOrUpdate((type, Convert.ToInt64(size, CultureInfo.InvariantCulture)), 1, (_, sum) => sum + 1);
    }

    private static void Print(Clients client, OwnVariant variant)
    {
        _samples.Clear();
        Sample sample;
        using (new AllocationProfile())
            sample = variant.Measure(_length);
        double scale = BytesForEach / sample.Count;
        var table = new Table($"{client} allocates for each request", "bytes of an object", "objects/request", "bytes/request");
        var kinds = _samples.Where(pair => pair.Value * scale >= 4).OrderByDescending(pair => pair.Value);
        foreach (((string type, long size), long samples) in kinds)
            table.Add(type, Text(size, "N0"), Text(samples * scale / size, "N2"), Text(samples * scale, "N0"));
        table.Add("in all, by the samples", "", "", Text(_samples.Values.Sum() * scale, "N0"));
        table.Add("in all, by the counter", "", "", Text((double)sample.Allocated!.Value / sample.Count, "N0"));
        table.Print(Console.Out);
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
