using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Urllib4.Benchmarks;

/// <summary>
/// Where client and server run. Between two cores a wait costs a wake-up, which measures the machine rather than the client.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<Placement>))]
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
/// <param name="IsQuick">Fewer and shorter rounds, and each question in one place only.</param>
/// <param name="IsJson">Lines for programs instead of tables for people.</param>
/// <param name="CountsSystemCalls">Whether strace is to count them.</param>
/// <param name="Numbers">The only questions to ask; null for all.</param>
/// <param name="Place">One placement for everything; null for the one that suits each.</param>
/// <param name="Server">The only server to measure against; null for every one there is.</param>
/// <param name="Plot">The file that gets a picture of the ratios, if any.</param>
/// <param name="IsHttp2">Whether the questions are those about HTTP/2.</param>
internal sealed record RunOptions(
    bool IsQuick = false,
    bool IsJson = false,
    bool CountsSystemCalls = false,
    int[]? Numbers = null,
    Placement? Place = null,
    string? Server = null,
    string? Plot = null,
    bool IsHttp2 = false)
{
    public bool Asks(int number) => Numbers is null || Numbers.Contains(number);

    public bool Uses(string? server) => server is null || Server is null || Server == server;

    public static bool TryParse(string[] args, bool isHttp2, [NotNullWhen(true)] out RunOptions? options)
    {
        options = new RunOptions(IsHttp2: isHttp2);
        while (args is [var name, .. var rest])
        {
            options = (name, rest) switch
            {
                ("--quick", _) => options with { IsQuick = true },
                ("--json", _) => options with { IsJson = true },
                ("--syscalls", _) => options with { CountsSystemCalls = true },
                ("--question", [var text, ..]) when TryParse(text, out int[]? numbers) => options with { Numbers = numbers },
                ("--place", [var text, ..]) when Enum.TryParse(text, ignoreCase: true, out Placement place) =>
                    options with { Place = place },
                ("--server", ["responder" or "nginx" or "nghttpd", ..]) => options with { Server = rest[0] },
                ("--plot", [var file, ..]) => options with { Plot = file },
                _ => null,
            };
            if (options is null)
                return false;
            args = name is "--quick" or "--json" or "--syscalls" ? rest : rest[1..];
        }

        return true;
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out int[]? numbers)
    {
        string[] parts = text.Split(',');
        numbers = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return false;
        }

        return true;
    }
}
