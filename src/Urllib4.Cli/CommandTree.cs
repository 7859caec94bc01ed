using System.CommandLine;
using Urllib4.Cli.Crawl;
using Urllib4.Cli.Curl;
using Urllib4.Cli.Downloads;
using Urllib4.Cli.Load;
using Urllib4.Cli.Requests;
using Urllib4.Cli.Shell;

namespace Urllib4.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    public static RootCommand Create()
    {
        var root = new RootCommand("An HTTP client that explains itself. Begin with: urllib4 get https://example.com/");
        foreach ((string method, string about) in new[]
        {
            ("get", "Fetch a URL"), ("head", "Fetch only the head of a URL"), ("post", "Send a body to a URL"),
            ("put", "Store a body at a URL"), ("patch", "Change what is at a URL"), ("delete", "Delete what is at a URL"),
            ("options", "Ask what a URL can do"),
        })
            root.Add(RequestCommand.Create(method, about));
        root.Add(RequestCommand.CreateAny());
        root.Add(CurlCommandLine.Create());
        root.Add(DownloadCommand.Create());
        root.Add(FetchAllCommand.Create());
        root.Add(LoadCommand.Create());
        root.Add(CompletionCommand.Create(root));
        root.Add(ManPage.Create(root));
        return root;
    }
}
