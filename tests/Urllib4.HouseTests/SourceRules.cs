using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Urllib4.HouseTests;

/// <summary>The house rules that can be read off the sources. Generated tables (<c>*.g.cs</c>) are exempt from those about size.</summary>
internal sealed class SourceRules(SourceSet sources)
{
    private const int MaxFile = 400;
    private const int MaxMethod = 60;
    private const int MaxLine = 140;
    private static readonly string[] Promises = ["TODO", "FIXME", "HACK", "XXX", "NotImplementedException"];

    private IEnumerable<SyntaxTree> Written => sources.Trees.Where(static t => !t.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));

    /// <summary>Files past the limit whose head does not say why they are "one thing".</summary>
    public IEnumerable<string> LongFiles() =>
        from tree in Written
        let lines = tree.GetText().Lines
        let count = lines.Count - (lines[^1].Span.IsEmpty ? 1 : 0)
        where count > MaxFile && !lines.Take(5).Any(static l => l.ToString().Contains("one thing", StringComparison.Ordinal))
        select $"{tree.FilePath} has {count} lines and does not say at its head why it is one thing";

    /// <summary>Methods, accessors and local functions past the limit; their comments and attributes do not count.</summary>
    public IEnumerable<string> LongMethods() =>
        from tree in Written
        from node in tree.GetRoot().DescendantNodes()
        let start = Start(node)
        where start is not null
        let lines = EndLine(node) - tree.GetLineSpan(start.Value.Span).StartLinePosition.Line + 1
        where lines > MaxMethod
        select $"{tree.FilePath}:{tree.GetLineSpan(start.Value.Span).StartLinePosition.Line + 1}: a method of {lines} lines";

    /// <summary>Lines past the limit.</summary>
    public IEnumerable<string> LongLines() =>
        from tree in Written
        from line in tree.GetText().Lines
        where line.Span.Length > MaxLine
        select $"{tree.FilePath}:{line.LineNumber + 1}: a line of {line.Span.Length} characters";

    /// <summary>Work left for later, in code or comments.</summary>
    public IEnumerable<string> Leftovers() =>
        from tree in sources.Trees
        from line in tree.GetText().Lines
        from promise in Promises
        where Mentions(line.ToString(), promise)
        select $"{tree.FilePath}:{line.LineNumber + 1}: {promise}";

    /// <summary>Threads borrowed or held to wait, anywhere but at the one asserting way out.</summary>
    public IEnumerable<string> BlockingWaits() =>
        from use in sources.Uses
        where use.File != "Waiting/Blocking.cs"
        let member = $"{use.Type.Name}.{use.Symbol.Name}"
        where member is "Task.Run" or "Task.Result" or "Task.Wait" or "Task.WaitAll" or "Task.WaitAny" or "ValueTask.Result"
            || (use.Symbol.Name == "GetResult" && use.Symbol.ContainingType.Name.EndsWith("Awaiter", StringComparison.Ordinal))
        where use.Type.ContainingNamespace.ToDisplayString().StartsWith("System.", StringComparison.Ordinal)
        select $"{use.File}:{use.Line}: {member}";

    private static SyntaxToken? Start(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax m => FirstAfter(m.AttributeLists, m),
        LocalFunctionStatementSyntax f => FirstAfter(f.AttributeLists, f),
        AccessorDeclarationSyntax a => FirstAfter(a.AttributeLists, a),
        PropertyDeclarationSyntax { ExpressionBody: not null } p => FirstAfter(p.AttributeLists, p),
        _ => null,
    };

    private static SyntaxToken FirstAfter(SyntaxList<AttributeListSyntax> attributes, SyntaxNode node) =>
        attributes.Count > 0 ? attributes[^1].GetLastToken().GetNextToken() : node.GetFirstToken();

    private static int EndLine(SyntaxNode node) => node.SyntaxTree.GetLineSpan(node.Span).EndLinePosition.Line;

    private static bool Mentions(string line, string word)
    {
        for (int at = line.IndexOf(word, StringComparison.Ordinal); at >= 0; at = line.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            bool starts = at == 0 || !char.IsLetterOrDigit(line[at - 1]);
            bool ends = at + word.Length == line.Length || !char.IsLetterOrDigit(line[at + word.Length]);
            if (starts && ends)
                return true;
        }

        return false;
    }
}
