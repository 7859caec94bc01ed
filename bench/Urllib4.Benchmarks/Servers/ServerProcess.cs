using System.Diagnostics;

namespace Urllib4.Benchmarks;

/// <summary>A server in a process of its own; killed when disposed.</summary>
internal class ServerProcess(Process process, int port) : IDisposable
{
    public int Port => port;

    /// <summary>The port for TLS, where the server has one.</summary>
    public virtual int TlsPort => throw new NotSupportedException();

    // taskset becomes the program it starts, so this is the server's own.
    public int Id => process.Id;

    public virtual void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>The core of a server.</summary>
    protected static int? CoreFor(Placement place) => place == Placement.Unpinned ? null : 0;
}
