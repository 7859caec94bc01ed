using System.Diagnostics;
using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>Starts processes that may use one core only, by <c>taskset</c>.</summary>
internal static class PinnedProcess
{
    private static readonly Dictionary<string, string> _sameEnvironment = [];

    /// <summary>This very program.</summary>
    public static string Self { get; } = Path.Combine(AppContext.BaseDirectory, "Urllib4.Benchmarks");

    /// <summary>Starts this program again.</summary>
    public static Process StartSelf(int? core, IReadOnlyDictionary<string, string> environment, params ReadOnlySpan<string> arguments) =>
        Start(core, environment, Self, arguments);

    /// <summary>Starts a program that ends when its standard input does, or is killed.</summary>
    /// <param name="core">The core it may use; null for every one.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Process Start(int? core, string file, params ReadOnlySpan<string> arguments) =>
        Start(core, _sameEnvironment, file, arguments);

    private static Process Start(int? core, IReadOnlyDictionary<string, string> environment, string file, ReadOnlySpan<string> arguments)
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
        foreach ((string name, string value) in environment)
            info.Environment[name] = value;
        return Process.Start(info)!;
    }
}
