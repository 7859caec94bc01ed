using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Urllib4.Cli;

/// <summary>Where output goes, and whether a person looks at it.</summary>
internal static class Terminal
{
    public const string Escape = "\u001b[";

    public static bool IsOutput => !Console.IsOutputRedirected;

    /// <summary>Whether text on the error output may have colours (https://no-color.org).</summary>
    public static bool HasColours(bool isRedirected) =>
        !isRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>The standard output.</summary>
    public static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        // The stream of the console takes a broken pipe for an end that nobody has to hear of; this one says so. But in a file it would
        // write at places of its own, and not where whoever shares the file goes on.
        var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, 1);
        return output.CanSeek ? Console.OpenStandardOutput() : output;
    }

    public static int Width
    {
        get
        {
            try
            {
                return Console.WindowWidth is > 20 and var width ? Math.Min(width, 160) : 100;
            }
            catch (Exception e) when (e is IOException or PlatformNotSupportedException)
            {
                return 100;
            }
        }
    }

    /// <summary>One line on the error output, whatever the text holds.</summary>
    public static void Complain(string message)
    {
        string line = string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        try
        {
            Console.Error.WriteLine($"urllib4: {line}");
        }
        catch (IOException)
        {
            // Nobody listens; the exit code still tells.
        }
    }

    public static string Paint(string text, string code, bool colours) => colours ? $"{Escape}{code}m{text}{Escape}0m" : text;

    /// <summary>Makes Ctrl-C and a request to end cancel a token; the second one ends the program at once.</summary>
    public static IDisposable CancelOnSignal(CancellationTokenSource source, Action<int> onSignal)
    {
        PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, ExitCodes.Interrupted));
        PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, ExitCodes.Terminated));
        return new Both(interrupted, terminated);

        void Stop(PosixSignalContext context, int code)
        {
            if (source.IsCancellationRequested)
                return;
            context.Cancel = true;
            onSignal(code);
            source.Cancel();
        }
    }

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }
    }
}
