using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Urllib4.HouseTests;

/// <summary>
/// The walk in <c>docs/architecture.md</c>, one GET from the call to the socket and back, is the way that the sources take.
/// </summary>
public sealed class WalkTests
{
    /// <summary>As many files as a stranger can read in one go.</summary>
    private const int MostFiles = 45;

    private static readonly Lazy<ILookup<string, MemberDeclarationSyntax>> _members = new(static () => Members(SourceSet.Library.Trees));

    [Fact]
    public void Every_step_is_a_call_or_an_override_in_the_sources() =>
        Violations.AssertNone(Lines().SelectMany(static line => Broken(line, _members.Value)));

    [Fact]
    public void Every_line_begins_where_an_earlier_one_has_been()
    {
        var known = new HashSet<string>();
        foreach (string[] line in Lines())
        {
            if (known.Count > 0 && !known.Contains(line[0]))
                Assert.Fail($"Nobody has been at {line[0]} before.");
            known.UnionWith(line.Where(static word => word is not ("→" or "=")));
        }

        Assert.Contains("PoolManager.Request", known);
        Assert.Contains("SocketStream.Read", known);
    }

    [Fact]
    public void It_needs_few_files()
    {
        string[] files =
        [
            .. Lines().SelectMany(static line => line).Where(static word => word is not ("→" or "=")).Distinct()
                .SelectMany(static stop => _members.Value[stop]).Select(static m => m.SyntaxTree.FilePath).Distinct(),
        ];
        Assert.True(files.Length <= MostFiles, $"{files.Length} files: {string.Join(", ", files)}");
    }

    [Theory]
    [InlineData("A.F → B.G", true)]
    [InlineData("B.G → A.F", false)]
    [InlineData("A.F → C.H", false)]
    [InlineData("C.H = D.H", true)]
    [InlineData("C.H = A.H", false)]
    [InlineData("A.F → B.Missing", false)]
    public void A_step_is_judged_by_what_the_sources_say(string line, bool isTrue)
    {
        const string Source = "class A { void F() => new B().G(); } class B { public void G() { } } abstract class C { public abstract void H(); } "
            + "class D : C { public override void H() { } }";
        Assert.Equal(isTrue, !Broken(line.Split(' '), Members([CSharpSyntaxTree.ParseText(Source)])).Any());
    }

    private static IEnumerable<string> Broken(string[] line, ILookup<string, MemberDeclarationSyntax> members)
    {
        for (int i = 0; i + 2 < line.Length; i += 2)
        {
            (string from, string step, string to) = (line[i], line[i + 1], line[i + 2]);
            bool holds = members.Contains(from) && members.Contains(to) && (step == "="
                ? members[to].Any(static m => m.Modifiers.Any(SyntaxKind.OverrideKeyword))
                : members[from].Any(m => Names(m, to[(to.IndexOf('.', StringComparison.Ordinal) + 1)..])));
            if (!holds)
                yield return $"{from} {step} {to} is not what the sources say";
        }
    }

    private static bool Names(MemberDeclarationSyntax member, string name) =>
        member.DescendantNodes().OfType<SimpleNameSyntax>().Any(n => n.Identifier.Text == name || IsDelegate(n, name));

    // What a constructor was given as a delegate has a name of its own there: poolFor is PoolManager.PoolFor.
    private static bool IsDelegate(SimpleNameSyntax node, string name) =>
        node.Parent is InvocationExpressionSyntax && node.Identifier.Text == char.ToLowerInvariant(name[0]) + name[1..];

    private static string[][] Lines()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        string block = page.Split("```walk\n")[1].Split("```")[0];
        return [.. block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' '))];
    }

    private static ILookup<string, MemberDeclarationSyntax> Members(IEnumerable<SyntaxTree> trees) =>
        (from tree in trees
         from type in tree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
         from member in type.Members
         let name = (member as MethodDeclarationSyntax)?.Identifier.Text
         where name is not null
         let outer = type.Ancestors().OfType<TypeDeclarationSyntax>().LastOrDefault() ?? type
         select (Key: $"{outer.Identifier.Text}.{name}", Member: member)).ToLookup(static m => m.Key, static m => (MemberDeclarationSyntax)m.Member);
}
