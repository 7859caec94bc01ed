using System.CommandLine;

namespace Urllib4.Cli.Shell;

/// <summary>The command that prints a script with which a shell completes commands and options.</summary>
internal static class CompletionCommand
{
    public static Command Create(RootCommand root)
    {
        var command = new Command("completion", "Print the script that completes commands and options in a shell");
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");
        command.Add(shell);
        command.SetAction(parsed =>
        {
            Console.Out.Write(parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash(root),
                "zsh" => $"autoload -U +X bashcompinit && bashcompinit\n{Bash(root)}",
                "fish" => Fish(root),
                _ => PowerShell(root),
            });
            return ExitCodes.Success;
        });
        return command;
    }

    private static IEnumerable<string> Options(Command command) =>
        command.Options.Where(static o => !o.Hidden).SelectMany(static o => o.Aliases.Append(o.Name)).Where(static n => n.StartsWith('-'))
            .Append("--help").Distinct().Order(StringComparer.Ordinal);

    private static string Bash(RootCommand root)
    {
        string cases = string.Concat(root.Subcommands.Select(static c => $"        {c.Name}) words='{string.Join(' ', Options(c))}';;\n"));
        return $$"""
            _urllib4() {
                local word=${COMP_WORDS[COMP_CWORD]} words
                if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W '{{string.Join(' ', root.Subcommands.Select(static c => c.Name))}}' -- "$word"))
                    return
                fi
                case ${COMP_WORDS[1]} in
            {{cases}}    esac
                case $word in
                    -*) COMPREPLY=($(compgen -W "$words" -- "$word"));;
                    *) COMPREPLY=($(compgen -f -- "$word"));;
                esac
            }
            complete -o filenames -F _urllib4 urllib4

            """.ReplaceLineEndings("\n");
    }

    private static string Fish(RootCommand root) => string.Concat(root.Subcommands.SelectMany(static c => new[]
        {
            $"complete -c urllib4 -n __fish_use_subcommand -f -a {c.Name} -d {Quote(c.Description)}\n",
        }.Concat(c.Options.Where(static o => !o.Hidden && o.Name.StartsWith("--", StringComparison.Ordinal)).Select(o =>
            $"complete -c urllib4 -n '__fish_seen_subcommand_from {c.Name}' -l {o.Name[2..]} -d {Quote(o.Description)}\n"))));

    private static string PowerShell(RootCommand root)
    {
        string table = string.Concat(root.Subcommands.Select(static c =>
            $"        '{c.Name}' = @({string.Join(", ", Options(c).Select(Quote))})\n"));
        return $$"""
            Register-ArgumentCompleter -Native -CommandName urllib4 -ScriptBlock {
                param($word, $ast, $position)
                $table = @{
            {{table}}    }
                $command = if ($ast.CommandElements.Count -gt 1) { $ast.CommandElements[1].ToString() } else { '' }
                $words = if ($table.ContainsKey($command) -and $word -ne $command) { $table[$command] } else { $table.Keys }
                $words | Where-Object { $_ -like "$word*" } | Sort-Object | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }

            """.ReplaceLineEndings("\n");
    }

    // A quote in a description is worth less than the trouble of three ways to write one.
    private static string Quote(string? text) => $"'{text?.Replace("'", "", StringComparison.Ordinal)}'";
}
