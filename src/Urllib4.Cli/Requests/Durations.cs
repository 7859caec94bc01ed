using System.Globalization;

namespace Urllib4.Cli.Requests;

/// <summary>Times and limits as text.</summary>
internal static class Durations
{
    private const string Phases = "resolve, connect, tls, proxy, pool, send, head, read, total";

    /// <summary>Reads <c>500ms</c>, <c>2s</c>, <c>1.5m</c>, <c>1h</c>; a number alone is seconds.</summary>
    public static TimeSpan Parse(string text, string option)
    {
        (string number, double seconds) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            _ when text.EndsWith('s') => (text[..^1], 1),
            _ when text.EndsWith('m') => (text[..^1], 60),
            _ when text.EndsWith('h') => (text[..^1], 3600),
            _ => (text, 1d),
        };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * seconds is > 0 and < 1_000_000
                ? TimeSpan.FromSeconds(value * seconds)
                : throw CliException.Usage($"{option}: '{text}' is no time; write 500ms, 2s, 1m or 1h");
    }

    /// <summary>Reads a limit for all, or <c>phase=time</c> with commas between.</summary>
    public static HttpTimeout Timeouts(string? text)
    {
        HttpTimeout timeout = HttpTimeout.Default;
        if (text is null)
            return timeout;
        foreach (string part in text.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string phase = equals < 0 ? "total" : part[..equals].Trim();
            TimeSpan time = Parse(part[(equals + 1)..].Trim(), "--timeout");
            timeout = phase switch
            {
                "resolve" => timeout with { Resolve = time },
                "connect" => timeout with { Connect = time },
                "tls" => timeout with { Tls = time },
                "proxy" => timeout with { Proxy = time },
                "pool" => timeout with { Pool = time },
                "send" => timeout with { Send = time },
                "head" => timeout with { Head = time },
                "read" => timeout with { Read = time },
                "total" => timeout with { Total = time },
                _ => throw CliException.Usage($"--timeout: there is no phase '{phase}'; there are {Phases}"),
            };
        }

        return timeout;
    }
}
