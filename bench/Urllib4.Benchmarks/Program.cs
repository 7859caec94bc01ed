using System.Text.Json;
using Urllib4.Benchmarks;

const string Usage = """
    Small GETs over HTTP/1.1 keep-alive: Urllib4, HttpClient, and a bare socket.

      dotnet run -c Release --project bench/Urllib4.Benchmarks -- h1 [options]

      --quick                          3 short rounds instead of 5
      --json                           one line of JSON for each round instead of the table
      --place same|split|unpinned      where client and server run; else one core for the sequential variants, two for the others
      --server responder|nginx         only this server; else both, nginx only where it is installed
    """;

switch (args)
{
    case ["h1", .. var rest] when RunOptions.TryParse(rest, out RunOptions? options):
        List<Measurement> all = [];
        foreach (Measurement measurement in Sessions.Run(options))
        {
            all.Add(measurement);
            if (options.IsJson)
                Console.WriteLine(JsonSerializer.Serialize(measurement));
            else
                Console.Error.Write('.');
        }

        if (!options.IsJson)
            Report.Print(all, Console.Out);
        return 0;
    case ["serve"]:
        Responder.Serve();
        return 0;
    case ["measure", var session]:
        foreach (Measurement measurement in Rounds.Of(JsonSerializer.Deserialize<Session>(session)!))
            Console.WriteLine(JsonSerializer.Serialize(measurement));
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
