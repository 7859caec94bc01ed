using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;

namespace Urllib4.HouseTests;

/// <summary>Public names can be written as they are in every kind of project, and all names say what a thing is.</summary>
public sealed class NamesTests
{
    private static readonly string[] EmptyWords = ["Helper", "Util", "Manager", "Impl", "Base"];

    private static IEnumerable<Type> Types =>
        new[] { typeof(HttpTimeout), typeof(UrllibServiceCollectionExtensions), typeof(DnsResolver), typeof(HarRecorder) }
            .SelectMany(static t => t.Assembly.GetTypes());

    public static TheoryData<string> ProjectKinds => [.. Platform.ImplicitUsings.Keys];

    [Theory, MemberData(nameof(ProjectKinds))]
    public void No_public_name_is_ambiguous(string kind) =>
        Violations.AssertNone(Clashes(kind, Platform.References, Types.Where(static t => t.IsVisible && t.Namespace == "Urllib4").Select(Unqualified)));

    [Theory]
    [InlineData("console", "TimeoutException")]
    [InlineData("console", "Timeout")]
    [InlineData("console", "HttpMethod")]
    [InlineData("worker", "ServiceCollection")]
    [InlineData("web", "HttpResponse")]
    [InlineData("console with System.Net", "Cookie")]
    public void A_name_that_the_platform_uses_is_found(string kind, string name)
    {
        var bad = CSharpCompilation.Create(
            "bad", [Platform.Parse($"namespace Urllib4; public class {name};", "Bad.cs")], Platform.ReferencesWithoutLibrary, new(OutputKind.DynamicallyLinkedLibrary));

        Assert.Contains("CS0104", Assert.Single(Clashes(kind, Platform.ReferencesWithoutLibrary.Append(bad.ToMetadataReference()), [name])), StringComparison.Ordinal);
    }

    [Fact]
    public void No_type_has_an_empty_word_for_a_name() =>
        Violations.AssertNone(
            from type in Types
            where type.Namespace?.StartsWith("Urllib4", StringComparison.Ordinal) is true
            where SaysNothing(type.Name.Split('`')[0])
            select $"{type.FullName} is named after nothing");

    [Theory]
    [InlineData("UrlHelper", true)]
    [InlineData("HeaderUtils", true)]
    [InlineData("BodyUtility", true)]
    [InlineData("SessionManager", true)]
    [InlineData("RetryImpl", true)]
    [InlineData("ConnectionBase", true)]
    [InlineData("PoolManager", false)]
    [InlineData("ProxyManager", false)]
    [InlineData("UrllibResponse", false)]
    [InlineData("Database", false)]
    public void An_empty_word_is_recognised(string name, bool empty) => Assert.Equal(empty, SaysNothing(name));

    private static bool SaysNothing(string name) =>
        name is not ("PoolManager" or "ProxyManager")
        && EmptyWords.Any(w => name.EndsWith(w, StringComparison.Ordinal) || (w is "Util" or "Helper" && name.Contains(w, StringComparison.Ordinal)));

    private static string Unqualified(Type type)
    {
        string name = type.FullName![(type.Namespace!.Length + 1)..].Replace('+', '.');
        return type.IsGenericTypeDefinition ? $"{name.Split('`')[0]}<{new string(',', type.GetGenericArguments().Length - 1)}>" : name;
    }

    private static IEnumerable<string> Clashes(string kind, IEnumerable<MetadataReference> references, IEnumerable<string> names)
    {
        string mentions = string.Concat(names.Select(static n => $"        typeof({n}),\n"));
        SyntaxTree caller = Platform.Parse($"using Urllib4;\nclass Caller\n{{\n    object[] All = [\n{mentions}    ];\n}}\n", "Caller.cs");
        var compilation = CSharpCompilation.Create(
            "caller", [Platform.GlobalUsings(Platform.ImplicitUsings[kind]), caller], references, new(OutputKind.DynamicallyLinkedLibrary));
        return compilation.GetDiagnostics().Where(static d => d.Severity == DiagnosticSeverity.Error).Select(d => $"in a {kind} project: {d}");
    }
}
