using System.CommandLine;
using Urllib4.Cli.Requests;

namespace Urllib4.Cli.Curl;

/// <summary>The command that takes a line for curl, as browsers copy it.</summary>
internal static class CurlCommandLine
{
    public static Command Create()
    {
        var command = new Command(
            "curl", "Send what a line for curl sends, such as browsers copy: urllib4 curl 'curl https://example.com/ -H ...'");
        var line = new Argument<string>("line") { Description = "The whole line, in quotes; - reads it from the standard input" };
        command.Add(line);
        (IReadOnlyList<Option> options, Func<ParseResult, OutputInput> read) = RequestFlags.OutputOnly();
        foreach (Option option in options)
            command.Add(option);
        command.SetAction((parsed, token) =>
        {
            string text = parsed.GetRequiredValue(line);
            RequestInput input = CurlArguments.Read(ShellWords.Split(text == "-" ? Console.In.ReadToEnd() : text));
            OutputInput own = read(parsed);
            OutputInput output = own with
            {
                File = input.Output.File,
                RemoteName = input.Output.RemoteName,
                ShowHead = input.Output.ShowHead,
                Verbose = own.Verbose || input.Output.Verbose,
            };
            return RequestRun.Run(input with { Output = output }, token);
        });
        return command;
    }
}
