namespace Urllib4.Benchmarks;

/// <summary>How cost grows: with hosts, idle connections, callers and threads.</summary>
internal static class Growth
{
    public static void Run(bool isQuick)
    {
        // One request after another is measured on one core: whether each has to wake the other is not what grows.
        using (new OneCore())
            RunAlone(isQuick);
        Console.WriteLine();
        Console.WriteLine("(c) Callers waiting for one of eight connections");
        ByCallers.Run(isQuick, Console.Out);
        Console.WriteLine();
        Console.WriteLine("(d) Threads: what borrowing and giving back cost each of them");
        ByThreads.Run(isQuick, Console.Out);
    }

    private static void RunAlone(bool isQuick)
    {
        Console.WriteLine("(a) Hosts: what finding the pool, borrowing and giving back cost, and a request to each in turn");
        ByHosts.Run(isQuick, Console.Out);
        Console.WriteLine();
        Console.WriteLine("(b) Idle connections: what each holds, and what one more request costs among them");
        ByIdleConnections.Run(isQuick, Console.Out);
    }
}
