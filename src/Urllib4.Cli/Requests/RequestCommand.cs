using System.CommandLine;

namespace Urllib4.Cli.Requests;

/// <summary>The commands that send one request.</summary>
internal static class RequestCommand
{
    public static Command Create(string method, string about)
    {
        var command = new Command(method, about);
        var url = new Argument<string>("url") { Description = "The URL; http:// may be left out" };
        command.Add(url);
        var flags = RequestFlags.AddTo(command);
        string verb = method.ToUpperInvariant();
        command.SetAction((parsed, token) => RequestRun.Run(flags.Read(parsed, verb, parsed.GetRequiredValue(url)), token));
        return command;
    }

    public static Command CreateAny()
    {
        var command = new Command("request", "Send a request with any method: urllib4 request PURGE https://example.com/");
        var method = new Argument<string>("method") { Description = "The method, sent as it is written" };
        var url = new Argument<string>("url") { Description = "The URL; http:// may be left out" };
        command.Add(method);
        command.Add(url);
        var flags = RequestFlags.AddTo(command);
        command.SetAction((parsed, token) =>
            RequestRun.Run(flags.Read(parsed, parsed.GetRequiredValue(method), parsed.GetRequiredValue(url)), token));
        return command;
    }
}
