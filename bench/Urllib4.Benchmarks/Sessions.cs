using System.Text.Json;

namespace Urllib4.Benchmarks;

/// <summary>One client process against one server process; what the client process is told.</summary>
internal sealed record Session(string Server, int Port, int ServerId, Placement Place, bool IsSequential, bool IsQuick);

/// <summary>
/// Starts a server and a fresh client process for each session. A process of its own, because the runtime looks only once at how many
/// cores it may use, and spins or not accordingly.
/// </summary>
internal static class Sessions
{
    public static IEnumerable<Measurement> Run(RunOptions options)
    {
        foreach (bool isSequential in (bool[])[true, false])
        {
            Placement place = options.Place ?? (isSequential ? Placement.Same : Placement.Split);
            foreach (Func<Placement, ServerProcess> start in Servers(options.Server))
            {
                using ServerProcess server = start(place);
                var session = new Session(server.Name, server.Port, server.Id, place, isSequential, options.IsQuick);
                foreach (Measurement measurement in Measure(session))
                    yield return measurement;
            }
        }
    }

    private static IEnumerable<Func<Placement, ServerProcess>> Servers(string? only)
    {
        if (only is null or "responder")
            yield return ResponderServer.Start;
        if (only is "nginx" || (only is null && NginxServer.IsInstalled))
            yield return NginxServer.Start;
    }

    private static IEnumerable<Measurement> Measure(Session session)
    {
        using var client = PinnedProcess.StartSelf(
            session.Place == Placement.Split ? 1 : session.Place == Placement.Same ? 0 : null, "measure", JsonSerializer.Serialize(session));
        while (client.StandardOutput.ReadLine() is { } line)
            yield return JsonSerializer.Deserialize<Measurement>(line)!;
        client.WaitForExit();
        if (client.ExitCode != 0)
            throw new InvalidOperationException($"The measuring process ended with code {client.ExitCode}.");
    }
}
