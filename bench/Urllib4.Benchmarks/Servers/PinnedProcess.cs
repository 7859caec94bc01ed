using System.Diagnostics;
using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>Starts processes that may use one core only, by <c>taskset</c>.</summary>
internal static class PinnedProcess
{
    // On one core the runtime waits ten times as long before it optimises what is called often, so that a warm-up of seconds ends before
    // it has begun. A process that is pinned only for the sake of the measurement gets the time that it would have had otherwise.
    private const string TieringDelayOnOneCore = "DOTNET_TC_DelaySingleProcMultiplier";

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
            info.Environment[TieringDelayOnOneCore] = "1";
        }

        foreach (string argument in arguments)
            info.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment)
            info.Environment[name] = value;
        return Process.Start(info)!;
    }
}
