using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Urllib4.HouseTests;

/// <summary>What it takes to compile C# here: the assemblies this process runs on, and the implicit usings of the SDKs.</summary>
internal static class Platform
{
    private static readonly string[] Console =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] Hosting =
        ["Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging"];

    private static readonly string[] Web =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
    ];

    /// <summary>The implicit usings by kind of project; the last is what a console program adds when it deals with addresses.</summary>
    public static IReadOnlyDictionary<string, string[]> ImplicitUsings { get; } = new Dictionary<string, string[]>
    {
        ["console"] = Console,
        ["worker"] = [.. Console, .. Hosting],
        ["web"] = [.. Console, .. Hosting, .. Web],
        ["console with System.Net"] = [.. Console, "System.Net"],
    };

    public static CSharpParseOptions Language { get; } = new(LanguageVersion.Latest);

    /// <summary>All assemblies of the process: the framework, ASP.NET Core and the library.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
        [.. Paths().Select(static p => MetadataReference.CreateFromFile(p))];

    /// <summary>The same without the library.</summary>
    public static IReadOnlyList<MetadataReference> ReferencesWithoutLibrary { get; } =
        [.. Paths().Where(static p => !Path.GetFileName(p).StartsWith("Urllib4", StringComparison.Ordinal)).Select(static p => MetadataReference.CreateFromFile(p))];

    /// <summary>A file of global usings.</summary>
    public static SyntaxTree GlobalUsings(params IEnumerable<string> namespaces) =>
        Parse(string.Concat(namespaces.Select(static n => $"global using {n};\n")), "GlobalUsings.cs");

    public static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, Language, path);

    private static string[] Paths() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
}
