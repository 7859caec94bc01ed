using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Urllib4.HouseTests;

/// <summary>A block of C# on a page of the documentation, and what the words behind <c>csharp</c> say about it.</summary>
/// <remarks>
/// No word: it compiles, as the program of a web project (the strictest for names), with <c>using Urllib4;</c>.
/// <c>run</c>: it runs as well, and when a block of <c>output</c> follows, prints exactly that.
/// <c>continued</c>: it goes on where the block above it on the page stopped.
/// <c>no-run</c>: nothing but a hint to the reader that it would need a server of its own.
/// <c>no-compile</c>: an outline, not a program.
/// </remarks>
internal sealed record Snippet(string Page, int Line, string Code, IReadOnlyList<string> Words, string? Output, Snippet? Before)
{
    private static readonly string[] KnownWords = ["run", "continued", "no-run", "no-compile"];

    public bool Compiles => !Words.Contains("no-compile");

    public bool Runs => Words.Contains("run");

    public override string ToString() => $"{Page}:{Line}";

    /// <summary>The blocks of a page.</summary>
    public static IReadOnlyList<Snippet> Find(string page, string markdown)
    {
        var found = new List<Snippet>();
        string[] lines = markdown.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string fence = lines[i].Trim();
            if (!fence.StartsWith("```", StringComparison.Ordinal))
                continue;
            int end = Array.FindIndex(lines, i + 1, static l => l.Trim() == "```");
            if (end < 0)
                throw new FormatException($"{page}:{i + 1}: the block does not end.");
            string text = string.Join('\n', lines[(i + 1)..end]) + "\n";
            string[] words = fence[3..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["csharp", .. var more])
                found.Add(new Snippet(page, i + 2, text, Checked(more, page, i), null, more.Contains("continued") ? found.LastOrDefault() : null));
            else if (words is ["output"] && found.Count > 0)
                found[^1] = found[^1] with { Output = text };
            i = end;
        }

        return found;
    }

    /// <summary>Compiles the block, with those it continues, into a program or, when there is nothing to run in it, into a library.</summary>
    /// <param name="rewrite">Changes the text before it is compiled: puts a test server's address in the place of a public one.</param>
    public CSharpCompilation Compile(Func<string, string>? rewrite = null)
    {
        CompilationUnitSyntax[] parts = [.. Chain().Select(s => s.Parse(rewrite))];
        var program = new StringBuilder();
        foreach (SyntaxNode node in parts.SelectMany(static p => p.Usings).Cast<SyntaxNode>()
            .Concat(parts.SelectMany(static p => p.Members.OfType<GlobalStatementSyntax>()))
            .Concat(parts.SelectMany(static p => p.Members.Where(static m => m is not GlobalStatementSyntax))))
        {
            FileLinePositionSpan place = node.SyntaxTree.GetLineSpan(node.FullSpan);
            program.Append($"#line {place.StartLinePosition.Line + 1} \"{place.Path}\"\n").Append(node.ToFullString()).Append('\n');
        }

        bool isProgram = parts.Any(static p => p.Members.Any(static m => m is GlobalStatementSyntax));
        return CSharpCompilation.Create(
            "snippet",
            [Platform.GlobalUsings(Platform.ImplicitUsings["web"].Append("Urllib4")), Platform.Parse(program.ToString(), Page)],
            Platform.References,
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>What keeps the block from compiling, each with page and line.</summary>
    public IEnumerable<string> Errors() =>
        Compile().GetDiagnostics().Where(static d => d.Severity == DiagnosticSeverity.Error).Select(static d =>
            $"{d.Location.GetMappedLineSpan().Path}:{d.Location.GetMappedLineSpan().StartLinePosition.Line + 1}: {d.Id}: {d.GetMessage()}");

    private static string[] Checked(string[] words, string page, int line) =>
        words.Except(KnownWords).FirstOrDefault() is { } unknown ? throw new FormatException($"{page}:{line + 1}: 'csharp {unknown}' means nothing.") : words;

    private IEnumerable<Snippet> Chain() => Before is null ? [this] : Before.Chain().Append(this);

    private CompilationUnitSyntax Parse(Func<string, string>? rewrite)
    {
        string code = rewrite is null ? Code : rewrite(Code);
        return (CompilationUnitSyntax)Platform.Parse(new string('\n', Line - 1) + code, Page).GetRoot();
    }
}
