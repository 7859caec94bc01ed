namespace Urllib4.Benchmarks;

/// <summary>The questions about HTTP/2, with the goals they are judged by.</summary>
internal static class Http2Questions
{
    public static IReadOnlyList<Question> All(bool isQuick) =>
    [
        new(1, "Asynchronous small GETs on one connection", [.. Flows(isQuick).SelectMany(row => Both(
            Small("nghttpd", row.Flows), row.Rate, row.Cpu))]),
        new(2, "The same over TLS 1.3, 100 in flight",
            [.. Both(Small("nghttpd", 100, Workload.Http2TlsSmall), 3, 0.25), .. Both(Small("nginx", 100, Workload.Http2TlsSmall), 1.5, 0.6)]),
        new(3, "The slowest of a hundred", new Goal(Small("nghttpd", 100), Figure.P99, AtMost: 0.5)),
        new(4, "Blocking small GETs on one connection, against our own HTTP/1.1", [.. Threads(isQuick).Select(row => new Goal(
            Small("nginx", row.Flows) with { IsBlocking = true, Clients = Clients.Urllib4 | Clients.Http1 },
            Figure.Cpu,
            AtMost: row.Cpu,
            Against: Clients.Http1))]),
        new(5, "Allocations of a small GET, its header read by name and its body owned", [.. Flows(isQuick).SelectMany(row => (Goal[])
        [
            new(Small("nghttpd", row.Flows), Figure.Allocated, AtMost: 700, Against: Clients.None) { What = "fields by index" },
            new(Small("nginx", row.Flows), Figure.Allocated, AtMost: 1200, Against: Clients.None) { What = "literal fields" },
        ])]),
        new(6, "Downloads, 16 in flight", [.. Both(Bulk("nghttpd", Workload.Http2Download, 16), 1.7, 0.5),
            new(Bulk("nginx", Workload.Http2Download, 16), Figure.Rate, AtLeast: 0.8, Against: Clients.Http1)]),
        new(7, "Uploads, 4 in flight", [.. Both(Bulk("nghttpd", Workload.Http2Upload, 4), 1.4, 0.5)]),
    ];

    /// <summary>The scene that stands for a kind of work.</summary>
    public static Scene SceneFor(string work) => work switch
    {
        "h2-upload" => Bulk("nghttpd", Workload.Http2Upload, 4),
        "h2-download" => Bulk("nghttpd", Workload.Http2Download, 16),
        "h2-alone" => Small("nghttpd", 1),
        _ => Small("nghttpd", 100),
    };

    private static IEnumerable<(int Flows, double Rate, double Cpu)> Flows(bool isQuick) =>
        isQuick ? [(100, 3, 0.3)] : [(1, 1.3, 0.5), (16, 1.6, 0.4), (100, 3, 0.3), (1000, 8, 0.15)];

    private static IEnumerable<(int Flows, double Cpu)> Threads(bool isQuick) => isQuick ? [(16, 0.9)] : [(1, 1.2), (16, 0.9), (64, 0.9)];

    private static Scene Small(string server, int flows, Workload? work = null) =>
        new(server, Placement.Split, work ?? Workload.Http2Small, IsBlocking: false, flows) { Clients = Clients.Urllib4 | Clients.HttpClient };

    private static Scene Bulk(string server, Workload work, int flows) => new(server, Placement.Split, work, IsBlocking: false, flows)
    {
        Clients = Clients.Urllib4 | Clients.HttpClient | (server == "nginx" ? Clients.Http1 : Clients.None),
    };

    private static IEnumerable<Goal> Both(Scene scene, double rate, double cpu) =>
        [new(scene, Figure.Rate, AtLeast: rate), new(scene, Figure.Cpu, AtMost: cpu)];
}
