namespace Urllib4.Benchmarks;

/// <summary>The questions, with the goals they are judged by.</summary>
internal static class AllQuestions
{
    /// <param name="options">Which of them, and where; a quick run asks each in the place that tells most.</param>
    public static IReadOnlyList<Question> For(RunOptions options) =>
        [.. (options.IsHttp2 ? Http2Questions.All(options.IsQuick) : All(options.IsQuick)).Where(question => options.Asks(question.Number)).Select(question => question with
        {
            Goals = [.. question.Goals.Select(goal => Moved(goal, options)).Where(goal => options.Uses(goal.Scene?.Server))],
        })];

    /// <summary>The scene that stands for a kind of work; null if there is no such kind.</summary>
    public static Scene? SceneFor(string work) => work switch
    {
        "small" => Small("responder"),
        "headers" => Small("responder") with { Workload = Workload.ManyHeaders },
        "chunked" => Bulk(Workload.Chunked(4)),
        "gzip" => Bulk(Workload.Gzip),
        "save" => Bulk(Workload.Save),
        "upload" => Bulk(Workload.Upload(64)),
        "tls" => Small("nginx") with { Workload = Workload.TlsSmall },
        "h2" or "h2-alone" or "h2-upload" or "h2-download" => Http2Questions.SceneFor(work),
        "connect" => new Scene("nginx", Placement.Split, Workload.TlsConnect),
        _ => null,
    };

    private static Goal Moved(Goal goal, RunOptions options) =>
        options.Place is { } place && goal.Scene is { } scene ? goal with { Scene = scene with { Place = place } } : goal;

    private static IEnumerable<Question> All(bool isQuick)
    {
        Scene small = Small("responder") with
        {
            Clients = Clients.Usual | Clients.Tuned | Clients.Invoker | Clients.Buffer | Clients.Handler | Clients.Watched,
        };
        Scene[] sequential = isQuick ? [small] : [small with { Server = "nginx" }, small];
        Scene alone = Small("responder") with { IsBlocking = false, Clients = Clients.Usual | Clients.Invoker };

        yield return new(1, "A blocking small GET, one in flight, on one core", [.. sequential.SelectMany(scene => scene.Server == "nginx"
            ? Both(scene, 1.3, 0.63)
            : Both(scene, 1.35, 0.62))]);
        yield return new(2, "The same over the bare socket", [.. sequential.Select(scene =>
            new Goal(scene, Figure.Cpu, AtMost: 1.10, Against: Clients.Socket))]);
        yield return new(3, "The same against HttpClient in the hands of an expert", [.. sequential.SelectMany(scene =>
            Both(scene, 1.0, 0.95, Clients.Tuned))]);
        yield return new(4, "Blocking small GETs on several threads", [.. Servers(isQuick).SelectMany(server => (Goal[])
        [
            .. Both(Small(server) with { Place = Placement.Split, Flows = 4 }, 1.8, 0.55),
            .. isQuick ? [] : Both(Small(server) with { Place = Placement.Split, Flows = 16 }, 1.05, null),
        ])]);
        yield return new(5, "Asynchronous small GETs", [.. Servers(isQuick).SelectMany(server => (Goal[])
        [
            .. Asynchronous(alone with { Server = server }),
            .. ((int[])[16, 64, 256]).Where(flows => !isQuick || flows == 64).SelectMany(flows =>
                Asynchronous(Small(server) with { Place = Placement.Split, IsBlocking = false, Flows = flows })),
        ])]);
        yield return new(6, "Allocations of a small GET, its header read by name and its body owned",
            new Goal(small, Figure.Allocated, AtMost: 600, Against: Clients.None) { What = "blocking" },
            new Goal(alone, Figure.Allocated, AtMost: 600, Against: Clients.None) { What = "async" },
            new Goal(small, Figure.Allocated, AtMost: 80, Against: Clients.None) { What = "into a buffer of the caller", Of = Clients.Buffer });
        // Two to send and receive and the one look at a connection that lay idle, and a tenth of each for what else goes on.
        yield return new(7, "System calls of a blocking small GET",
            new Goal(small, Figure.SystemCalls, AtMost: 3.3, Against: Clients.None));
        yield return new(8, "Downloads by Content-Length", [.. Lengths(isQuick, 64, 256).SelectMany(length => (Goal[])
        [
            new Goal(Bulk(Workload.Download(length)), Figure.Cpu, AtMost: 0.45),
            new Goal(Bulk(Workload.Download(length)), Figure.Cpu, AtMost: 1.15, Against: Clients.Socket),
        ])]);
        yield return new(9, "Chunked downloads", [.. Lengths(isQuick, 4, 16).SelectMany(length =>
            Both(Bulk(Workload.Chunked(length)), 1.8, 0.40))]);
        yield return new(10, "Files",
            [.. Both(Bulk(Workload.Save), 1.3, 0.55), .. Both(Bulk(Workload.Upload(isQuick ? 64 : 1024)), 1.0, null)]);
        yield return new(11, "TLS 1.3", [.. Both(Bulk(Workload.TlsDownload) with { Server = "nginx" }, null, 0.80),
            .. Both(Small("nginx") with { Workload = Workload.TlsSmall }, 1.35, 0.65)]);
        Scene fresh = SceneFor("connect")!;
        yield return new(12, "A new TLS connection, resumed, and a GET on it",
            new Goal(fresh, Figure.Cpu, AtMost: 0.75),
            new Goal(fresh, Figure.Resumed, AtLeast: 1, Against: Clients.None),
            new Goal(fresh, Figure.Allocated, AtMost: 8 * 1024, Against: Clients.None));
        Scene peers = Small("responder") with { Clients = Clients.Urllib4 | Clients.Peers };
        yield return new(13, "A blocking small GET against other languages",
            new Goal(peers, Figure.Cpu, AtMost: 0.8, Against: Clients.Curl) { What = "libcurl" },
            new Goal(peers, Figure.Cpu, AtMost: 0.7, Against: Clients.Go) { What = "Go" },
            new Goal(peers, Figure.Cpu, AtMost: 0.15, Against: Clients.Urllib3) { What = "Python's urllib3" });
        yield return new(14, "Other responses",
            [
                .. Both(Small("responder") with { Workload = Workload.ManyHeaders }, 1.2, null),
                .. Both(Decoded(Workload.Gzip), 1.0, null),
                .. Both(Decoded(Workload.Brotli), 1.0, null),
                .. Both(small, 1.0, null).Select(static goal => goal with { What = "handler under HttpClient", Of = Clients.Handler }),
                new Goal(small, Figure.Allocated, AtMost: 1300, Against: Clients.None)
                {
                    What = "handler under HttpClient", Of = Clients.Handler,
                },
            ]);
        Scene start = new("responder", Placement.Unpinned, Workload.ColdStart);
        yield return new(15, "From the start of a process to the end of its first GET", new Goal(start, Figure.ColdStart, AtMost: 0.70));
    }

    private static Scene Small(string server) => new(server, Placement.Same, Workload.Small);

    private static Scene Bulk(Workload workload) => new("responder", Placement.Split, workload);

    private static Scene Decoded(Workload workload) => Bulk(workload) with { Clients = Clients.Urllib4 | Clients.HttpClient };

    private static string[] Servers(bool isQuick) => isQuick ? ["responder"] : ["nginx", "responder"];

    private static int[] Lengths(bool isQuick, int quick, int other) => isQuick ? [quick] : [quick, other];

    private static IEnumerable<Goal> Asynchronous(Scene scene) => [.. Both(scene, 1.05, 0.95), new(scene, Figure.P99, AtMost: 1)];

    private static IEnumerable<Goal> Both(Scene scene, double? rate, double? cpu, Clients against = Clients.HttpClient)
    {
        if (rate is not null)
            yield return new Goal(scene, Figure.Rate, AtLeast: rate, Against: against);
        if (cpu is not null)
            yield return new Goal(scene, Figure.Cpu, AtMost: cpu, Against: against);
    }
}
