using System.Diagnostics;
using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>
/// A client in another language. Its program takes the port, reads from each line how many seconds to send for, and answers with the
/// number of requests, the seconds they took, and the seconds of CPU.
/// </summary>
internal sealed class PeerVariant(Clients client, Process process) : Variant(client)
{
    public override int? Process => process.Id;

    public static PeerVariant Start(Clients client, string[] command, Target target)
    {
        string port = target.Port.ToString(CultureInfo.InvariantCulture);
        return new PeerVariant(client, PinnedProcess.Start(null, command[0], [.. command.AsSpan(1), port]));
    }

    public override void Run(TimeSpan length) => Measure(length);

    public override Sample Measure(TimeSpan length)
    {
        process.StandardInput.WriteLine(length.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        process.StandardInput.Flush();
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The program of {Client} has ended.");
        double[] numbers = [.. line.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
        return new Sample((long)numbers[0], TimeSpan.FromSeconds(numbers[1]), TimeSpan.FromSeconds(numbers[2]));
    }

    public override void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
