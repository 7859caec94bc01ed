using System.CommandLine;
using System.Text;

namespace Urllib4.Cli.Shell;

/// <summary>The command that prints the page for <c>man</c>, made of the same words as the help.</summary>
internal static class ManPage
{
    public static Command Create(RootCommand root)
    {
        var command = new Command("man", "Print the manual page: urllib4 man | man -l -");
        command.SetAction(_ =>
        {
            Console.Out.Write(Page(root));
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Page(RootCommand root)
    {
        var page = new StringBuilder();
        page.Append(".TH URLLIB4 1\n.SH NAME\nurllib4 \\- an HTTP client that explains itself\n");
        page.Append(".SH SYNOPSIS\n.B urllib4\n.I command\n[options]\n.SH COMMANDS\n");
        foreach (Command command in root.Subcommands)
        {
            string arguments = string.Join(' ', command.Arguments.Select(static a => a.Name));
            page.Append(".SS ").Append(Text($"{command.Name} {arguments}")).Append('\n').Append(Text(command.Description)).Append(".\n");
            foreach (Option option in command.Options.Where(static o => !o.Hidden))
            {
                string names = string.Join(", ", option.Aliases.Append(option.Name).Where(static n => n.StartsWith('-')));
                page.Append(".TP\n\\fB").Append(Text(names)).Append("\\fR ").Append(Text(option.HelpName)).Append('\n')
                    .Append(Text(option.Description)).Append(".\n");
            }
        }

        page.Append(".SH EXIT STATUS\n");
        foreach ((int code, string meaning) in ExitCodes.All)
            page.Append(".TP\n").Append(code).Append('\n').Append(Text(meaning)).Append(".\n");
        return page.ToString();
    }

    // A dash is a hyphen unless it is escaped, and a dot or a quote at the start of a line is a command.
    private static string Text(string? text)
    {
        string escaped = (text ?? "").Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? $"\\&{escaped}" : escaped;
    }
}
