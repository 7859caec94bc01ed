using System.Diagnostics;
using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>Starts processes that may use one core only, by <c>taskset</c>.</summary>
internal static class PinnedProcess
{
    /// <summary>Starts this program again.</summary>
    public static Process StartSelf(int? core, params ReadOnlySpan<string> arguments) =>
        Start(core, Path.Combine(AppContext.BaseDirectory, "Urllib4.Benchmarks"), arguments);

    /// <summary>Starts a program that ends when its standard input does, or is killed.</summary>
    /// <param name="core">The core it may use; null for every one.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Process Start(int? core, string file, params ReadOnlySpan<string> arguments)
    {
        var info = new ProcessStartInfo(core is null ? file : "taskset") { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (core is { } number)
        {
            info.ArgumentList.Add("-c");
            info.ArgumentList.Add(number.ToString(CultureInfo.InvariantCulture));
            info.ArgumentList.Add(file);
        }

        foreach (string argument in arguments)
            info.ArgumentList.Add(argument);
        return Process.Start(info)!;
    }
}
