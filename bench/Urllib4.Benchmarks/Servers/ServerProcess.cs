using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Urllib4.Benchmarks;

/// <summary>A server in a process of its own; killed when disposed.</summary>
internal class ServerProcess(Process process, int port) : IDisposable
{
    public int Port => port;

    /// <summary>The port for a request.</summary>
    public virtual int PortFor(Workload work) => port;

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

    /// <summary>One that was free a moment ago.</summary>
    protected static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Waits until the server takes connections.</summary>
    protected void AwaitFirstConnection()
    {
        for (int attempt = 0; ; attempt++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (attempt < 100)
            {
                Thread.Sleep(20);
            }
        }
    }
}
