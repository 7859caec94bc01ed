using System.Diagnostics;
using System.Text.Json;

namespace Urllib4.Benchmarks;

/// <summary>
/// Starts a server and a fresh client process for each scene. A process of its own, because the runtime looks only once at how many
/// cores it may use, and spins or not accordingly.
/// </summary>
internal sealed class Sessions : IDisposable
{
    private readonly RunOptions _options;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("urllib4-bench-");
    private readonly TestAuthority _authority;
    private readonly Lazy<Dictionary<Clients, string[]>> _peers;

    public Sessions(RunOptions options)
    {
        _options = options;
        _authority = TestAuthority.Create(_folder);
        _peers = new Lazy<Dictionary<Clients, string[]>>(() => PeerPrograms.Build(_folder));
    }

    /// <summary>Measures the scenes of all goals, each once.</summary>
    public IEnumerable<Measurement> Run(IEnumerable<Question> questions)
    {
        Goal[] goals = [.. questions.SelectMany(question => question.Goals)];
        foreach (Scene scene in goals.Select(goal => goal.Scene).OfType<Scene>().Distinct())
        {
            if ((scene.Server == "nginx" && !NginxServer.IsInstalled) || (scene.Server == "nghttpd" && !NghttpdServer.IsInstalled))
                continue;
            using ServerProcess server = StartServer(scene);
            bool wantsCalls = goals.Any(goal => goal.Scene == scene && goal.Figure == Figure.SystemCalls);
            foreach (Measurement measurement in Measure(SessionFor(scene, server), wantsCalls))
                yield return measurement;
        }
    }

    /// <summary>Prints what the requests of a scene allocate.</summary>
    public void Profile(Scene scene)
    {
        using ServerProcess server = StartServer(scene);
        foreach (string line in RunClient("profile", SessionFor(scene, server)))
            Console.WriteLine(line);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private IEnumerable<Measurement> Measure(Session session, bool wantsCalls)
    {
        if (session.Scene.Workload.Deed == Deed.Start)
            return ColdStart.Of(session);
        IEnumerable<Measurement> rounds = RunClient("measure", session).Select(line => JsonSerializer.Deserialize<Measurement>(line)!);
        return wantsCalls && _options.CountsSystemCalls && SystemCalls.CanCount
            ? rounds.Concat(SystemCalls.Of(session, CoreFor(session.Scene.Place), _folder))
            : rounds;
    }

    private Session SessionFor(Scene scene, ServerProcess server)
    {
        Workload work = scene.Workload;
        string file = Path.Combine(_folder.FullName, "body.bin");
        if (work.Deed == Deed.Upload)
        {
            using FileStream content = File.Create(file);
            content.SetLength(work.Payload);
        }

        bool needsPeers = (scene.Clients & Clients.Peers) != Clients.None;
        return new Session(
            scene, server.PortFor(work), server.Port, server.Id, file, needsPeers ? _peers.Value : [], _options.IsQuick);
    }

    private ServerProcess StartServer(Scene scene) => scene.Server switch
    {
        "nginx" => NginxServer.Start(scene.Place, _authority),
        "nghttpd" => NghttpdServer.Start(scene.Place, scene.Workload.IsTls ? _authority : null),
        _ => ResponderServer.Start(scene.Place),
    };

    /// <summary>Runs a client process in its place, and gives what it prints.</summary>
    private IEnumerable<string> RunClient(string verb, Session session)
    {
        using Process client = PinnedProcess.StartSelf(
            CoreFor(session.Scene.Place), _authority.TrustingEnvironment, verb, JsonSerializer.Serialize(session));
        while (client.StandardOutput.ReadLine() is { } line)
            yield return line;
        client.WaitForExit();
        if (client.ExitCode != 0)
            throw new InvalidOperationException($"The measuring process ended with code {client.ExitCode} in '{session.Scene}'.");
    }

    private static int? CoreFor(Placement place) => place switch
    {
        Placement.Same => 0,
        Placement.Split => 1,
        _ => null,
    };
}
