using System.Diagnostics;
using System.Text;

namespace Urllib4.PeerTests.Servers;

/// <summary>A running server: its process, what it says, and the certainty that it ends with the tests, however they end.</summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly ManualResetEventSlim _started = new();
    private readonly Thread _keeper;
    private Exception? _failure;

    private PeerProcess(ProcessStartInfo command)
    {
        _process = new Process { StartInfo = command };
        _process.OutputDataReceived += (_, e) => Note(e.Data);
        _process.ErrorDataReceived += (_, e) => Note(e.Data);
        _keeper = new Thread(Keep) { IsBackground = true, Name = Path.GetFileName(command.FileName) };
    }

    /// <summary>Its number, for signals.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it ended, by itself or not.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote to its standard output and error so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="executable">Its path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="user">Who it is to be instead of root; null lets it be whoever runs the tests.</param>
    public static PeerProcess Start(string executable, IEnumerable<string> arguments, string directory, string? user)
    {
        List<string> command = [executable, .. arguments];
        if (InstalledFile.Find("setpriv") is { } setpriv)
        {
            string[] identity = user is not null && Environment.IsPrivilegedProcess
                ? ["--reuid", user, "--regid", user, "--clear-groups"]
                : [];
            command.InsertRange(0, [setpriv, .. identity, "--pdeathsig", "KILL"]);
        }

        var peer = new PeerProcess(new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        peer._keeper.Start();
        peer._started.Wait();
        return peer._failure is { } failure ? throw new InvalidOperationException($"{executable} cannot be started.", failure) : peer;
    }

    /// <summary>Ends the program and all it started. Afterwards <see cref="Output"/> is complete.</summary>
    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _keeper.Join(Patience);
        _process.Dispose();
        _started.Dispose();
    }

    // The kernel sends the parent-death signal when the starting THREAD ends, so that thread stays for as long as the server does.
    private void Keep()
    {
        try
        {
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }
        catch (Exception e)
        {
            _failure = e;
            return;
        }
        finally
        {
            _started.Set();
        }

        _process.WaitForExit();
    }

    private void Note(string? line)
    {
        lock (_output)
            _output.Append(line).Append(line is null ? "" : "\n");
    }
}
