using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>
/// A real server or proxy from the distribution, on ports of 127.0.0.1 that the system chose. What it writes lies in a directory of its
/// own, which goes with it.
/// </summary>
/// <remarks>
/// It starts when <see cref="Peers"/> is first asked for it. When its program is not installed the test is left out with the reason, or
/// fails where <c>URLLIB4_PEERS=required</c> says so.
/// </remarks>
public abstract class PeerServer : IDisposable
{
    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly string _executable;
    private readonly TemporaryDirectory _directory;
    private readonly List<TcpListener> _reserved = [];
    private List<int> _ports = [];
    private PeerProcess? _process;

    /// <summary>Makes sure that the server is installed, and starts nothing yet.</summary>
    /// <param name="executable">The name of its program.</param>
    /// <param name="package">The package it comes from.</param>
    protected PeerServer(string executable, string package)
    {
        _executable = InstalledFile.Require(executable, package);
        _directory = new TemporaryDirectory();
    }

    /// <summary>Everything the server reported so far: its standard output and error, then its <c>access.log</c>.</summary>
    public string Log => _process?.Output + (File.Exists(AccessLog) ? File.ReadAllText(AccessLog) : "");

    /// <summary>The directory with its configuration, where it may write what it likes.</summary>
    protected string Home => _directory.FullName;

    /// <summary>Where a server that cannot log to its standard output has to log.</summary>
    protected string AccessLog => Path.Combine(Home, "access.log");

    /// <summary>The number of its process, for signals.</summary>
    protected int ProcessId => _process!.Id;

    /// <summary>Whether its process is over.</summary>
    protected bool HasExited => _process!.HasExited;

    /// <summary>Who the server has to be when the tests run as root; null for root itself.</summary>
    protected virtual string? User => null;

    /// <summary>Waits until the server has reported something: it may do so a moment after its response.</summary>
    /// <param name="text">A part of the line.</param>
    /// <returns>The first line with the text.</returns>
    /// <exception cref="TimeoutException">No such line came within two minutes.</exception>
    public string WaitForLog(string text)
    {
        string? line = null;
        return Until(() => (line = Log.Split('\n')[..^1].FirstOrDefault(l => l.Contains(text))) is not null)
            ? line!
            : throw new TimeoutException($"No line with '{text}' in the log:\n{Log}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the server and returns when it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended at once, or did not listen in time; what it said is in the message.</exception>
    internal void Start()
    {
        for (int tried = 1; !TryStart(); tried++)
        {
            // Between choosing a port and using it, somebody else may have taken it: that deserves other ports, not a failure.
            bool hasExited = _process!.HasExited;
            _process.Dispose();
            string output = Log;
            _process = null;
            if (!hasExited || tried == Tries)
                throw new InvalidOperationException($"{_executable} does not listen on its ports:\n{output}");
        }
    }

    /// <summary>Chooses the ports with <see cref="TakePort"/> and writes the configuration.</summary>
    /// <returns>The arguments of the program, which has to stay in the foreground.</returns>
    protected abstract IReadOnlyList<string> Configure();

    /// <summary>Lets the system choose a port that the server is going to listen on.</summary>
    protected int TakePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _reserved.Add(listener);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Writes a file into <see cref="Home"/>.</summary>
    /// <returns>Its path.</returns>
    protected string Write(string name, string text) => _directory.Write(name, text);

    /// <summary>Stops the server and removes its directory.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _process?.Dispose();
        _directory.Dispose();
    }

    private bool TryStart()
    {
        IReadOnlyList<string> arguments = Configure();
        _ports = [.. _reserved.Select(static l => ((IPEndPoint)l.LocalEndpoint).Port)];
        _reserved.ForEach(static l => l.Dispose());
        _reserved.Clear();
        long started = Stopwatch.GetTimestamp();
        _process = PeerProcess.Start(_executable, arguments, Home, User);
        bool isReady = Until(() => _process.HasExited || _ports.TrueForAll(Accepts)) && !_process.HasExited;
        TestContext.Current.SendDiagnosticMessage(
            "{0} {1} after {2:0} ms", _executable, isReady ? "listens" : "failed", Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return isReady;
    }

    private static bool Accepts(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool Until(Func<bool> condition)
    {
        long started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                return false;
            Thread.Sleep(Pause);
        }

        return true;
    }
}
