using System.CommandLine;
using System.CommandLine.Parsing;

namespace Urllib4.Cli;

/// <summary>Tells what is wrong with a command line, and what was probably meant.</summary>
internal static class Usage
{
    public static int Complain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string name = Name(parsed.CommandResult);
        string? unknown = Mistaken(parsed) ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
        string what = unknown is not null ? Unknown(command, unknown) : Missing(parsed);
        Terminal.Complain($"{what}; see '{name} --help'");
        return ExitCodes.Usage;
    }

    /// <summary>An option that does not exist is taken for a URL by the parser; null when there is none.</summary>
    public static string? Mistaken(ParseResult parsed)
    {
        foreach (ArgumentResult argument in parsed.CommandResult.Children.OfType<ArgumentResult>())
        {
            foreach (Token token in argument.Tokens)
            {
                if (token.Value.Length > 1 && token.Value.StartsWith('-'))
                    return token.Value;
            }
        }

        return null;
    }

    private static string Missing(ParseResult parsed)
    {
        string message = parsed.Errors[0].Message.TrimEnd('.');
        // The parser names the types of .NET; all of them are numbers here.
        if (message.IndexOf(" as expected type", StringComparison.Ordinal) is > 0 and var at)
            return $"{message[..at].Replace("Cannot parse argument ", "", StringComparison.Ordinal)}: this is no number";
        Command command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0)
            return "there is no command; begin with 'urllib4 get https://example.com/'";
        foreach (Argument argument in command.Arguments)
        {
            if (message.Contains($"'{argument.Name}' missing", StringComparison.Ordinal))
                return $"the {argument.Name.Replace("url", "URL", StringComparison.Ordinal)} is missing";
        }

        return message;
    }

    /// <summary>The word of a list that is nearest to another, if it is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> words)
    {
        (string? best, int distance) = (null, int.MaxValue);
        foreach (string candidate in words)
        {
            int d = candidate.StartsWith(word, StringComparison.Ordinal) && word.Length > 3 ? 1 : Distance(word, candidate);
            if (d < distance)
                (best, distance) = (candidate, d);
        }

        return distance <= Math.Max(2, word.Length / 3) ? best : null;
    }

    private static string Unknown(Command command, string word)
    {
        IEnumerable<string> options = command.Options.Where(static o => !o.Hidden).SelectMany(static o => o.Aliases.Append(o.Name));
        IEnumerable<string> known = word.StartsWith('-') ? options : command.Subcommands.Select(static c => c.Name);
        string bare = word.Split('=')[0];
        string meant = Nearest(bare, known) is { } near ? $"; did you mean '{near}'?" : "";
        string kind = word.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return $"there is no {kind} '{bare}'{meant}";
    }

    private static string Name(CommandResult result)
    {
        string name = result.Command is RootCommand ? "urllib4" : result.Command.Name;
        return result.Parent is CommandResult parent ? $"{Name(parent)} {name}" : name;
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1));
                corner = above;
            }
        }

        return row[b.Length];
    }
}
