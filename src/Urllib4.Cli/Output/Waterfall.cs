using System.Globalization;

namespace Urllib4.Cli.Output;

/// <summary>Draws what a call did as bars along its time: attempts, phases, addresses, and why it went on or ended.</summary>
internal static class Waterfall
{
    private const int LabelWidth = 10;
    private const int TimeWidth = 10;

    public static void Draw(ExchangeReport report, TextWriter output)
    {
        bool colours = Terminal.HasColours(Console.IsErrorRedirected);
        int width = Math.Max(20, Terminal.Width - LabelWidth - TimeWidth - 8);
        double whole = Math.Max(report.Duration.TotalMilliseconds, report.Attempts.Sum(LengthOf));
        output.WriteLine($"{Count(report.Attempts.Count, "attempt")}, {Time(report.Duration.TotalMilliseconds)} in all");
        double start = 0;
        foreach ((int number, AttemptReport attempt) in report.Attempts.Index())
        {
            output.WriteLine();
            DrawHead(number + 1, attempt, output, colours);
            foreach (PhaseTime phase in attempt.Phases)
            {
                DrawBar(phase, start, whole, width, output, colours);
                start += phase.Time.TotalMilliseconds;
            }

            DrawEnd(attempt, output, colours);
            start += attempt.Pause.TotalMilliseconds;
        }
    }

    private static void DrawHead(int number, AttemptReport attempt, TextWriter output, bool colours)
    {
        string result = attempt.Status is { } status ? $"{status}" : "no response";
        string code = attempt.Status is < 400 ? "32" : "31";
        output.WriteLine($"{number}. {attempt.Method} {Shown(attempt.Url)}  {Terminal.Paint(result, code, colours)}");
        foreach (DialedAddress address in attempt.Addresses)
            output.WriteLine($"   dialed {address.EndPoint}: {address.Failure ?? "connected"}");
        if (attempt.Connection is not { } connection)
            return;
        output.WriteLine($"   {connection}");
        if (connection.Proxy is { } proxy)
            output.WriteLine($"   through the proxy {Shown(proxy)}");
        if (connection.Tls is not { } tls)
            return;
        string verified = tls.IsVerified ? "verified" : Terminal.Paint("NOT verified", "31", colours);
        output.WriteLine($"   {tls.Version}, {tls.CipherSuite}, {tls.ApplicationProtocol ?? "no ALPN"}"
            + $"{(tls.IsResumed == true ? ", resumed" : "")}, {verified}");
        CertificateFacts certificate = tls.PeerCertificate;
        string end = certificate.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        output.WriteLine($"   certificate {certificate.Subject}, by {certificate.Issuer}, until {end}");
    }

    private static void DrawBar(PhaseTime phase, double start, double whole, int width, TextWriter output, bool colours)
    {
        double time = phase.Time.TotalMilliseconds;
        int from = whole > 0 ? (int)Math.Min(width - 1, start / whole * width) : 0;
        int length = whole > 0 ? Math.Clamp((int)Math.Round(time / whole * width), 0, width - from) : 0;
        string bar = Terminal.Paint(length == 0 ? "▏" : new string('█', length), Colour(phase.Phase), colours);
        output.WriteLine($"   {Word(phase.Phase),-LabelWidth}{Time(time),TimeWidth}  {new string(' ', from)}{bar}");
    }

    private static void DrawEnd(AttemptReport attempt, TextWriter output, bool colours)
    {
        if (attempt.Error is { } error)
            output.WriteLine($"   {Terminal.Paint("failed", "31", colours)}: {error.Message.ReplaceLineEndings(" ")}");
        if (attempt.Error?.NotRetriedBecause is { } not)
            output.WriteLine($"   not sent again: {not}");
        if (attempt.NotAnsweredBecause is { } unanswered)
            output.WriteLine($"   the challenge was not answered: {unanswered}");
        if (attempt.WentOnBecause is { } reason)
        {
            string pause = attempt.Pause > TimeSpan.Zero ? $" after {Time(attempt.Pause.TotalMilliseconds)}" : "";
            output.WriteLine($"   went on{pause}: {reason}");
        }
    }

    private static double LengthOf(AttemptReport attempt) =>
        attempt.Phases.Sum(static p => p.Time.TotalMilliseconds) + attempt.Pause.TotalMilliseconds;

    private static string Word(HttpPhase phase) => phase switch
    {
        HttpPhase.PoolWait => "pool",
        HttpPhase.Resolve => "name",
        HttpPhase.Head => "wait",
        HttpPhase.Tls => "TLS",
        _ => phase.ToString().ToLowerInvariant(),
    };

    private static string Colour(HttpPhase phase) => phase switch
    {
        HttpPhase.Resolve => "36",
        HttpPhase.Connect or HttpPhase.Proxy => "33",
        HttpPhase.Tls => "35",
        HttpPhase.Head => "34",
        HttpPhase.Body or HttpPhase.Decode => "32",
        _ => "37",
    };

    // Without user information and query, which may be secret: such a picture is shown around.
    private static string Shown(Url url) =>
        $"{url.Scheme}://{url.Host}{(url.Port is { } port ? $":{port}" : "")}{url.Path ?? "/"}{(url.Query is null ? "" : "?***")}";

    private static string Time(double milliseconds) => milliseconds < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.00} s");

    private static string Count(int count, string word) => count == 1 ? $"1 {word}" : $"{count} {word}s";
}
