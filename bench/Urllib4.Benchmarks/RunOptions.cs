using System.Diagnostics.CodeAnalysis;

namespace Urllib4.Benchmarks;

/// <summary>Where client and server run. Between two cores a wait costs a wake-up, which measures the machine rather than the client.</summary>
internal enum Placement
{
    /// <summary>Both on core 0.</summary>
    Same,

    /// <summary>The server on core 0, the client on core 1.</summary>
    Split,

    /// <summary>Wherever the system puts them.</summary>
    Unpinned,
}

/// <summary>What the command line asked for.</summary>
/// <param name="IsQuick">Fewer and shorter rounds.</param>
/// <param name="IsJson">Lines for programs instead of a table for people.</param>
/// <param name="Place">One placement for all variants; null for the one that suits each.</param>
/// <param name="Server">The only server to measure against; null for every one there is.</param>
internal sealed record RunOptions(bool IsQuick = false, bool IsJson = false, Placement? Place = null, string? Server = null)
{
    public static bool TryParse(string[] args, [NotNullWhen(true)] out RunOptions? options)
    {
        options = new RunOptions();
        while (args is [var name, .. var rest])
        {
            options = (name, rest) switch
            {
                ("--quick", _) => options with { IsQuick = true },
                ("--json", _) => options with { IsJson = true },
                ("--place", [var text, ..]) when Enum.TryParse(text, ignoreCase: true, out Placement place) => options with { Place = place },
                ("--server", ["responder" or "nginx", ..]) => options with { Server = rest[0] },
                _ => null,
            };
            if (options is null)
                return false;
            args = name is "--place" or "--server" ? rest[1..] : rest;
        }

        return true;
    }
}
