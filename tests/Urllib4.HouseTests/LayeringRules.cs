namespace Urllib4.HouseTests;

/// <summary>Who may know whom: the rooms of the library from left to right, and the arrows that break the order.</summary>
internal sealed class LayeringRules(SourceSet sources)
{
    private static readonly string[] Rooms =
    [
        "Primitives", "Waiting", "Diagnostics", "Bodies", "Policies", "Protocol", "Transport", "Connections", "Pools", "Managers", "Adapters",
    ];

    // In a room with subfolders: what lies to the right may use what lies to the left of it. Files beside the folders may use them all, and
    // be used by all.
    private static readonly Dictionary<string, string[]> Folders = new()
    {
        ["Primitives"] = ["Headers", "Urls", "Certificates", "Reports", "Errors"],
        ["Diagnostics"] = ["Telemetry"],
        ["Bodies"] = ["Streams", "Decoding", "Forms"],
        ["Policies"] = ["Timeouts", "Auth", "Tls", "Retries", "Redirects", "Proxies", "Egress", "Names"],
        ["Transport"] = ["Streams", "Tls", "Names", "Dialing"],
        ["Connections"] = ["Bodies", "Http1", "Http2", "Dialing"],
        ["Managers"] = ["Responses", "Requests", "Verdicts", "Calls", "Downloads"],
        ["Adapters"] = ["Settings", "Mapping", "Content", "Messages"],
    };

    private static readonly string[] ForbiddenInProtocol =
    [
        "System.Threading.Tasks.Task", "System.Threading.Tasks.ValueTask", "System.IO.Stream", "System.Net.Sockets.Socket",
        "System.DateTime", "System.Diagnostics.Stopwatch", "System.Random", "System.TimeProvider",
    ];

    private static readonly string[] OnlyInTransport = ["System.Net.Sockets.Socket", "System.Net.Security.SslStream", "System.Net.Dns"];

    /// <summary>Files that lie in no room.</summary>
    public IEnumerable<string> Homeless() =>
        from declaration in sources.Declarations
        where !Rooms.Contains(declaration.File.Split('/')[0])
        select $"{declaration.File} declares {declaration.Name}, but lies in no room";

    /// <summary>Names that two types share, which makes each harder to find.</summary>
    public IEnumerable<string> Doubles() =>
        from declaration in sources.Declarations
        group declaration by declaration.Name into same
        let files = same.Select(static d => d.File).Distinct().ToArray()
        where files.Length > 1 && !same.All(static d => d.IsPartial)
        select $"{same.Key} is declared in {string.Join(" and ", files)}";

    /// <summary>Arrows to the right.</summary>
    public IEnumerable<string> WrongArrows() =>
        sources.Arrows.Where(static a => !MayUse(Room(a.From), Room(a.To))).Select(static a => a.ToString());

    /// <summary>Arrows between the subfolders of one room that run against their order.</summary>
    /// <remarks>Arrows to exceptions are left out, as for <see cref="Circles"/>.</remarks>
    public IEnumerable<string> WrongInnerArrows() =>
        from arrow in sources.Arrows
        where !arrow.IsException
        let room = Room(arrow.From)
        where room == Room(arrow.To) && Folders.ContainsKey(room)
        let folders = (From: Folder(arrow.From), To: Folder(arrow.To))
        where folders.From is not null && folders.To is not null && folders.From != folders.To
        let order = Folders[room]
        let places = (From: Array.IndexOf(order, folders.From), To: Array.IndexOf(order, folders.To))
        where places.From < places.To
        select arrow.ToString();

    /// <summary>Subfolders that have no place in the order of their room.</summary>
    public IEnumerable<string> UnknownFolders() =>
        from declaration in sources.Declarations
        let folder = Folder(declaration.File)
        let room = Room(declaration.File)
        where folder is not null && !room.StartsWith("Protocol", StringComparison.Ordinal)
            && !(Folders.TryGetValue(room, out string[]? known) && known.Contains(folder))
        group folder by $"{room}/{folder}" into same
        select $"{same.Key} has no place in the order of its room";

    /// <summary>Every arrow between two rooms, with how often it is drawn.</summary>
    public IEnumerable<string> Graph() =>
        from arrow in sources.Arrows
        let rooms = (From: Room(arrow.From), To: Room(arrow.To))
        where rooms.From != rooms.To
        group arrow by rooms into same
        orderby Index(same.Key.From), Index(same.Key.To)
        select $"{same.Key.From} → {same.Key.To} ({same.Count()})";

    /// <summary>
    /// Circles between the files of one room, as the names of the files in it.
    /// </summary>
    /// <remarks>
    /// Arrows to exceptions are left out. An error names the value it is about, and the value throws the error; both lie in Primitives,
    /// and neither can be understood as lying below the other (<c>HttpException</c> has a <c>Url</c>, <c>Url.Parse</c> throws one).
    /// Parts of one partial type, and types nested in each other, are one thing.
    /// </remarks>
    public IEnumerable<string> Circles()
    {
        ILookup<string, string> next = sources.Arrows.Where(static a => !a.IsException && Room(a.From) == Room(a.To)).ToLookup(static a => a.From, static a => a.To);
        Dictionary<string, HashSet<string>> reachable = next.ToDictionary(static n => n.Key, n => Reachable(next, n.Key));
        return
        [
            .. from file in reachable.Keys
               where reachable[file].Contains(file)
               let circle = reachable[file].Where(f => reachable.TryGetValue(f, out HashSet<string>? back) && back.Contains(file)).Order(StringComparer.Ordinal)
               let text = string.Join(" ↔ ", circle)
               group file by text into same
               select same.Key,
        ];
    }

    /// <summary>What the sans-IO rooms may not know: waiting, streams, sockets, clocks and chance.</summary>
    public IEnumerable<string> ForbiddenProtocolUses() =>
        from use in sources.Uses
        where use.File.StartsWith("Protocol/", StringComparison.Ordinal) && ForbiddenInProtocol.Contains(use.FullName)
        select use.ToString();

    /// <summary>Sockets, TLS and name look-up outside their room.</summary>
    public IEnumerable<string> ForbiddenTransportUses() =>
        from use in sources.Uses
        where !use.File.StartsWith("Transport/", StringComparison.Ordinal) && OnlyInTransport.Contains(use.FullName)
        select use.ToString();

    /// <summary>The room of a file; each folder of Protocol is a room of its own, and what lies beside them is seen by them all.</summary>
    private static string Room(string file)
    {
        string[] parts = file.Split('/');
        return parts[0] == "Protocol" && parts.Length > 2 ? $"Protocol/{parts[1]}" : parts[0];
    }

    private static string? Folder(string file) => file.Split('/') is { Length: > 2 } parts ? parts[1] : null;

    private static int Index(string room) => Array.IndexOf(Rooms, room.Split('/')[0]);

    private static bool MayUse(string from, string to) => (from, to) switch
    {
        _ when from == to => true,
        ("Protocol/Http2", "Protocol/Hpack") => true,
        _ when from.StartsWith("Protocol", StringComparison.Ordinal) => to is "Primitives" or "Protocol",
        _ => Index(to) < Index(from),
    };

    private static HashSet<string> Reachable(ILookup<string, string> next, string start)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>(next[start]);
        while (open.TryDequeue(out string? file))
        {
            if (!found.Add(file))
                continue;
            foreach (string further in next[file])
                open.Enqueue(further);
        }

        return found;
    }
}
