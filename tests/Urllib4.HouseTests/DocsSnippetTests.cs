using System.Reflection;
using Microsoft.CodeAnalysis.Emit;
using Urllib4.TestKit;

namespace Urllib4.HouseTests;

/// <summary>What stands on the pages compiles, and where it says so, runs. Output is the process's, so nothing runs beside these.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

[Collection("alone")]
public sealed class DocsSnippetTests
{
    private static IEnumerable<Snippet> Snippets =>
        Repository.Read(Repository.Root, "README.md").Where(static p => p.Path == "README.md")
            .Concat(Repository.Read(Path.Combine(Repository.Root, "docs"), "*.md").Select(static p => (Path: "docs/" + p.Path, p.Text)))
            .SelectMany(static p => Snippet.Find(p.Path, p.Text));

    [Fact]
    public void Every_block_compiles() => Violations.AssertNone(Snippets.Where(static s => s.Compiles).SelectMany(static s => s.Errors()));

    [Fact]
    public async Task Every_block_that_says_so_runs_and_prints_what_the_page_says()
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        Violations.AssertNone(Snippets.Where(static s => s.Runs).SelectMany(s => Run(s, server)));
    }

    [Fact]
    public async Task A_block_runs_against_the_embedded_server_and_its_output_is_compared()
    {
        const string page = """
            ```csharp run
            using var client = new HttpClient();
            Console.Write(await client.GetStringAsync("http://httpbin.org/robots.txt"));
            ```
            ```output
            User-agent: *
            Disallow: /deny
            ```
            ```csharp run
            throw new InvalidOperationException("on purpose");
            ```
            ```csharp run
            Console.WriteLine(1);
            ```
            ```output
            2
            ```
            """;
        await using HttpBinServer server = await HttpBinServer.StartAsync();

        IReadOnlyList<Snippet> snippets = Snippet.Find("page.md", page);

        Assert.Empty(Run(snippets[0], server));
        Assert.Contains("on purpose", Assert.Single(Run(snippets[1], server)), StringComparison.Ordinal);
        Assert.Equal("page.md:13 prints '1\n' instead of '2\n'", Assert.Single(Run(snippets[2], server)));
    }

    [Fact]
    public void An_error_is_shown_at_its_line_on_the_page()
    {
        const string page = "text\n```csharp\nusing System.Text;\nvar url = new Uri(\"http://a\");\nurl.Nonsense();\n```\n";
        Assert.StartsWith("page.md:5: CS1061", Assert.Single(Assert.Single(Snippet.Find("page.md", page)).Errors()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_can_continue_the_one_before_it()
    {
        const string page = "```csharp\nint x = 1;\nrecord Pair(int A);\n```\n```csharp continued\nusing System.Text;\nConsole.WriteLine(new Pair(x));\n```\n";
        Assert.Empty(Snippet.Find("page.md", page)[1].Errors());
        Assert.NotEmpty(Snippet.Find("page.md", page.Replace(" continued", "", StringComparison.Ordinal))[1].Errors());
    }

    [Fact]
    public void A_block_of_declarations_needs_no_program() =>
        Assert.Empty(Assert.Single(Snippet.Find("page.md", "```csharp\nclass A { }\n```")).Errors());

    [Theory]
    [InlineData("```csharp\nint x;")]
    [InlineData("```csharp runs\n```")]
    public void A_page_that_cannot_be_read_is_refused(string page) => Assert.Throws<FormatException>(() => Snippet.Find("page.md", page));

    [Fact]
    public void An_outline_is_left_alone() => Assert.False(Assert.Single(Snippet.Find("page.md", "```csharp no-compile\nint Foo(…);\n```")).Compiles);

    // The two public hosts of the pages are one server here, under two names, so that they are two origins.
    private static string Rewrite(string code, HttpBinServer server) => code
        .Replace("http://httpbin.org", server.Url, StringComparison.Ordinal)
        .Replace("http://example.com", $"http://localhost:{server.Port}", StringComparison.Ordinal);

    private static IEnumerable<string> Run(Snippet snippet, HttpBinServer server)
    {
        using var image = new MemoryStream();
        EmitResult emitted = snippet.Compile(code => Rewrite(code, server)).Emit(image);
        if (!emitted.Success)
            return [$"{snippet} does not compile: {emitted.Diagnostics[0]}"];
        MethodInfo main = Assembly.Load(image.ToArray()).EntryPoint!;
        TextWriter console = Console.Out;
        using var output = new StringWriter { NewLine = "\n" };
        Console.SetOut(output);
        try
        {
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
        }
        catch (TargetInvocationException e)
        {
            return [$"{snippet} throws {e.InnerException}"];
        }
        finally
        {
            Console.SetOut(console);
        }

        string printed = output.ToString().ReplaceLineEndings("\n");
        return snippet.Output is { } expected && expected != printed ? [$"{snippet} prints '{printed}' instead of '{expected}'"] : [];
    }
}
