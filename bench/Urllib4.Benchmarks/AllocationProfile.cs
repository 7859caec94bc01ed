using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>
/// What a small GET allocates, by type. The runtime tells of the object that was allocated at about every 100 KB, so over many requests
/// each type is seen in proportion to its bytes.
/// </summary>
internal sealed class AllocationProfile : EventListener
{
    private const int Requests = 400_000;
    private const EventKeywords Allocations = (EventKeywords)1;

    private static readonly ConcurrentDictionary<string, long> _bytes = new();
    private static volatile bool _isCounting;

    public static void Run(bool isBlocking)
    {
        using ResponderServer server = ResponderServer.Start(Placement.Unpinned);
        var scene = new Scene("responder", Placement.Unpinned, Workload.Small, isBlocking);
        foreach (Clients client in (Clients[])[Clients.Urllib4, Clients.HttpClient])
        {
            using OwnVariant variant = OwnVariant.Create(client, scene, new Target(scene.Workload, server.Port, ""));
            variant.Run(TimeSpan.FromSeconds(1.5));
            Print(client, variant);
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            EnableEvents(eventSource, EventLevel.Verbose, Allocations);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (!_isCounting || eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) != true)
            return;
        int type = eventData.PayloadNames!.IndexOf("TypeName");
        int amount = eventData.PayloadNames.IndexOf("AllocationAmount64");
        long bytes = (long)Convert.ToUInt64(eventData.Payload![amount], CultureInfo.InvariantCulture);
        _bytes.AddOrUpdate((string)eventData.Payload[type]!, bytes, (_, sum) => sum + bytes);
    }

    private static void Print(Clients client, OwnVariant variant)
    {
        _bytes.Clear();
        long count;
        using (new AllocationProfile())
        {
            _isCounting = true;
            count = 0;
            while (count < Requests)
                count += variant.Measure(TimeSpan.FromSeconds(1)).Count;
            _isCounting = false;
        }

        var table = new Table($"{client} allocates", "bytes/request");
        foreach ((string type, long bytes) in _bytes.OrderByDescending(pair => pair.Value).Where(pair => pair.Value >= count))
            table.Add(type, ((double)bytes / count).ToString("N0", CultureInfo.InvariantCulture));
        table.Add("in all", ((double)_bytes.Values.Sum() / count).ToString("N0", CultureInfo.InvariantCulture));
        table.Print(Console.Out);
    }
}
