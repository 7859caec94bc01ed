using System.Diagnostics;
using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>A fresh process for each measurement: from its start to the end of its first request.</summary>
internal static class ColdStart
{
    private const string Done = "done";

    // The kernel counts in 10 ms, so less than that cannot be told from nothing in so short a time.
    private const double ForeignLimit = 0.5;

    public static IEnumerable<Measurement> Of(Session session)
    {
        string url = new Target(session.Scene.Workload, session.Port, session.File).Url;
        Clients[] clients = [Clients.Urllib4, Clients.HttpClient, Clients.Socket];
        int count = session.IsQuick ? 3 : 15;
        // The first of each fills the caches of the file system.
        for (int round = -1; round < count; round++)
        {
            Random.Shared.Shuffle(clients);
            foreach (Clients client in clients)
            {
                ForeignCpu foreign = ForeignCpu.Start(session.ServerId);
                (TimeSpan elapsed, TimeSpan cpu) = Once(client, url);
                double others = foreign.ShareOf(elapsed) - (cpu / elapsed);
                if (round < 0)
                    continue;
                yield return new Measurement(session.Scene, client, round)
                {
                    Figures = new Dictionary<Figure, double>
                    {
                        [Figure.ColdStart] = elapsed.TotalMilliseconds,
                        [Figure.Cpu] = cpu.TotalMicroseconds,
                    },
                    ForeignCpu = Math.Max(0, others),
                    IsDisturbed = others > ForeignLimit,
                };
            }
        }
    }

    /// <summary>The work of the process: one request, then a line with the CPU it took.</summary>
    public static void Run(string client, string url)
    {
        if (client == nameof(Clients.Urllib4))
            SendByUrllib(url);
        else if (client == nameof(Clients.HttpClient))
            SendByHttpClient(url);
        else
            SendBySocket(url);
        Console.WriteLine(Done);
        Console.WriteLine(Environment.CpuUsage.TotalTime.TotalSeconds.ToString(CultureInfo.InvariantCulture));
    }

    private static (TimeSpan Elapsed, TimeSpan Cpu) Once(Clients client, string url)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = PinnedProcess.Start(null, PinnedProcess.Self, "cold", client.ToString(), url);
        if (process.StandardOutput.ReadLine() != Done)
            throw new InvalidOperationException($"The process of {client} failed.");
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        TimeSpan cpu = TimeSpan.FromSeconds(double.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
        process.WaitForExit();
        return (elapsed, cpu);
    }

    // Methods of their own, so that none of them loads what another one needs.
    private static void SendByUrllib(string url)
    {
        using var manager = new PoolManager();
        if (manager.Request("GET", url).Data.Length != Responder.Body.Length)
            throw new InvalidDataException();
    }

    private static void SendByHttpClient(string url)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using HttpResponseMessage response = client.Send(request);
        if (response.Content.Headers.ContentLength != Responder.Body.Length)
            throw new InvalidDataException();
    }

    private static void SendBySocket(string url)
    {
        using var contender = new SocketContender(new Target(Workload.Small, new Uri(url).Port, ""));
        contender.Send();
    }
}
