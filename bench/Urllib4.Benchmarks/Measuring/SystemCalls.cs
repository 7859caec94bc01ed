using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Urllib4.Benchmarks;

/// <summary>
/// Counts the system calls of a request with strace: those of a process that sends many, less those of one that sends few, so that what
/// starting and compiling take is not in it.
/// </summary>
internal static class SystemCalls
{
    private const string Program = "/usr/bin/strace";

    private const int Few = 3000;
    private const int Many = 13000;

    public static bool CanCount => File.Exists(Program);

    public static IEnumerable<Measurement> Of(Session session, int? core, DirectoryInfo folder)
    {
        foreach (Clients client in (Clients[])[Clients.Urllib4, Clients.HttpClient, Clients.Socket])
        {
            Dictionary<string, long> few = Count(session, client, Few, core, folder);
            Dictionary<string, long> many = Count(session, client, Many, core, folder);
            foreach ((string name, long calls) in many.OrderByDescending(pair => pair.Value))
            {
                double each = (calls - few.GetValueOrDefault(name)) / (double)(Many - Few);
                if (each >= 0.02)
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{client}: {each:N2} {name}"));
            }

            double all = (many.Values.Sum() - few.Values.Sum()) / (double)(Many - Few);
            yield return new Measurement(session.Scene, client, Round: 0)
            {
                Figures = new Dictionary<Figure, double> { [Figure.SystemCalls] = all },
            };
        }
    }

    private static Dictionary<string, long> Count(Session session, Clients client, int requests, int? core, DirectoryInfo folder)
    {
        string file = Path.Combine(folder.FullName, "strace.txt");
        using Process process = PinnedProcess.Start(
            core,
            Program,
            "-f",
            "-c",
            "-o",
            file,
            PinnedProcess.Self,
            "send",
            JsonSerializer.Serialize(session),
            client.ToString(),
            requests.ToString(CultureInfo.InvariantCulture));
        process.WaitForExit();
        return process.ExitCode == 0
            ? Parse(File.ReadLines(file))
            : throw new InvalidOperationException($"strace ended with code {process.ExitCode}.");
    }

    // The columns are: share of time, seconds, microseconds for each, calls, errors if any, name.
    private static Dictionary<string, long> Parse(IEnumerable<string> lines)
    {
        var counts = new Dictionary<string, long>();
        foreach (string[] columns in lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (columns.Length >= 5 && columns[^1] != "total" && long.TryParse(columns[3], CultureInfo.InvariantCulture, out long calls))
                counts[columns[^1]] = calls;
        }

        return counts;
    }
}
