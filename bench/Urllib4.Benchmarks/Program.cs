using System.Runtime.Versioning;
using System.Text.Json;
using Urllib4.Benchmarks;

[assembly: SupportedOSPlatform("linux")]

const string Usage = """
    Urllib4 against HttpClient, and over HTTP/1.1 against a bare socket too. See bench/README.md for what is asked and how it is measured.

      dotnet run -c Release --project bench/Urllib4.Benchmarks -- h1|h2 [options]

      --quick                          three short rounds, each question in one place only: less than a minute in all
      --question N[,M...]              only these questions
      --syscalls                       count system calls with strace
      --place same|split|unpinned      where client and server run; else where each question tells most
      --server NAME                    only this server: responder, nginx or nghttpd; else each that is installed
      --json                           one line of JSON for each round and each goal instead of the tables
      --plot FILE                      draw the ratios as SVG

      ... -- growth [--quick]          how cost grows with hosts, idle connections, callers and threads
      ... -- allocations [WORK] [async]
                                       what a request allocates, by type; WORK is small, headers, chunked, gzip, save, upload,
                                       tls, connect, h2, h2-upload or h2-download
    """;

switch (args)
{
    case ["cold", var client, var url]:
        ColdStart.Run(client, url);
        return 0;
    case ["h1" or "h2", .. var rest] when RunOptions.TryParse(rest, args[0] == "h2", out RunOptions? options):
        Comparison.Run(options);
        return 0;
    case ["growth", .. var rest] when rest is [] or ["--quick"]:
        Growth.Run(isQuick: rest is not []);
        return 0;
    case ["allocations", .. var rest] when AllQuestions.SceneFor(rest is [] or ["async"] ? "small" : rest[0]) is { } scene:
        using (var sessions = new Sessions(new RunOptions()))
            sessions.Profile(scene with { IsBlocking = rest is not [.., "async"] });
        return 0;
    case ["serve"]:
        Responder.Serve();
        return 0;
    case ["measure", var session]:
        foreach (Measurement measurement in Rounds.Of(JsonSerializer.Deserialize<Session>(session)!))
            Console.WriteLine(JsonSerializer.Serialize(measurement));
        return 0;
    case ["profile", var session]:
        AllocationProfile.Run(JsonSerializer.Deserialize<Session>(session)!);
        return 0;
    case ["send", var session, var client, var count]:
        Comparison.Send(JsonSerializer.Deserialize<Session>(session)!, client, count);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
