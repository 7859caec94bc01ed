using System.ComponentModel;
using System.Diagnostics;

namespace Urllib4.Benchmarks;

/// <summary>The programs in other languages; a program is there if its tools are.</summary>
internal static class PeerPrograms
{
    public static Dictionary<Clients, string[]> Build(DirectoryInfo folder)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "peers");
        string curl = Path.Combine(folder.FullName, "curl");
        string go = Path.Combine(folder.FullName, "go");
        var programs = new Dictionary<Clients, string[]>();
        if (Succeeds("gcc", "-O2", "-o", curl, Path.Combine(source, "curl.c"), "-lcurl"))
            programs[Clients.Curl] = [curl];
        if (Succeeds("go", "build", "-o", go, Path.Combine(source, "go", "main.go")))
            programs[Clients.Go] = [go];
        if (Succeeds("python3", "-c", "import urllib3"))
            programs[Clients.Urllib3] = ["python3", Path.Combine(source, "urllib3_get.py")];
        return programs;
    }

    private static bool Succeeds(string program, params ReadOnlySpan<string> arguments)
    {
        try
        {
            var info = new ProcessStartInfo(program) { RedirectStandardError = true };
            foreach (string argument in arguments)
                info.ArgumentList.Add(argument);
            using Process process = Process.Start(info)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // there is no such program
        }
    }
}
