using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Urllib4.HouseTests;

/// <summary>
/// Sources with their meaning. It compiles what it reads, because a name alone does not tell the truth in C#: a child namespace uses the
/// types of its parent without a <c>using</c>, and a property may have the name of a type of another room.
/// </summary>
internal sealed class SourceSet
{
    private static readonly Lazy<SourceSet> TheLibrary = new(static () => new SourceSet(Repository.Read(Repository.Sources, "*.cs")));
    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "sources",
        [Platform.GlobalUsings(Platform.ImplicitUsings["console"])],
        Platform.ReferencesWithoutLibrary,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    private readonly CSharpCompilation _compilation;

    public SourceSet(IEnumerable<(string Path, string Text)> files)
    {
        Trees = [.. files.Select(static f => Platform.Parse(f.Text, f.Path))];
        _compilation = Empty.AddSyntaxTrees(Trees);
        Uses = [.. Trees.SelectMany(FindUses)];
    }

    /// <summary>The sources of the library.</summary>
    public static SourceSet Library => TheLibrary.Value;

    /// <summary>The files; their paths are relative to the library.</summary>
    public IReadOnlyList<SyntaxTree> Trees { get; }

    /// <summary>Every use of a type or of one of its members, in code; comments and their crefs do not count.</summary>
    public IReadOnlyList<Use> Uses { get; }

    /// <summary>The uses that lead from one file to another.</summary>
    public IEnumerable<Arrow> Arrows =>
        from use in Uses
        let home = HomeOf(use.Type)
        where home is not null && !use.Type.DeclaringSyntaxReferences.Any(r => r.SyntaxTree.FilePath == use.File)
        select new Arrow(use.File, home, use.Type.Name, use.Line, IsException(use.Type));

    /// <summary>The types that the sources declare at the top level, with the file each is declared in; a partial type has several.</summary>
    public IEnumerable<(string Name, string File, bool IsPartial)> Declarations =>
        from tree in Trees
        from node in tree.GetRoot().DescendantNodes(static n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        let declaration = node switch
        {
            BaseTypeDeclarationSyntax type => (type.Identifier.Text, type.Modifiers),
            DelegateDeclarationSyntax type => (type.Identifier.Text, type.Modifiers),
            _ => default,
        }
        where declaration.Text is not null
        select (declaration.Text, tree.FilePath, declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static string? HomeOf(INamedTypeSymbol type)
    {
        string[] files = [.. type.DeclaringSyntaxReferences.Select(static r => r.SyntaxTree.FilePath).Order(StringComparer.Ordinal)];
        return files.FirstOrDefault(f => Path.GetFileNameWithoutExtension(f) == type.Name) ?? files.FirstOrDefault();
    }

    private static bool IsException(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (at is { Name: nameof(Exception), ContainingNamespace.Name: nameof(System) })
                return true;
        }

        return false;
    }

    private static INamedTypeSymbol? Outermost(ISymbol? symbol)
    {
        INamedTypeSymbol? type = symbol switch
        {
            IAliasSymbol alias => alias.Target as INamedTypeSymbol,
            INamedTypeSymbol named => named,
            IMethodSymbol { ReducedFrom: { } extension } => extension.ContainingType,
            IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.ContainingType,
            _ => null,
        };
        while (type?.ContainingType is { } outer)
            type = outer;
        return type?.OriginalDefinition;
    }

    private IEnumerable<Use> FindUses(SyntaxTree tree)
    {
        SemanticModel model = _compilation.GetSemanticModel(tree);
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes().Where(static n => n is SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax))
        {
            SymbolInfo info = model.GetSymbolInfo(node);
            ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
            if (Outermost(symbol) is { } type)
                yield return new Use(tree.FilePath, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, type, symbol!);
        }
    }

    /// <summary>A place where a file uses a type, by its name or by one of its members.</summary>
    public sealed record Use(string File, int Line, INamedTypeSymbol Type, ISymbol Symbol)
    {
        public string FullName => $"{Type.ContainingNamespace.ToDisplayString()}.{Type.Name}";

        public override string ToString() => $"{File}:{Line} uses {Type.Name}";
    }

    /// <summary>A use that leads from one file of the library to another.</summary>
    public sealed record Arrow(string From, string To, string Type, int Line, bool IsException)
    {
        public override string ToString() => $"{From}:{Line} → {To} ({Type})";
    }
}
