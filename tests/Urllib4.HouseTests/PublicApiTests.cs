using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;

namespace Urllib4.HouseTests;

/// <summary>The public surface changes only when somebody says so, by approving the new text of it.</summary>
public sealed class PublicApiTests
{
    private const string Approve = "URLLIB4_APPROVE";

    [Theory]
    [InlineData("PublicApi", typeof(HttpTimeout))]
    [InlineData("PublicApi.DependencyInjection", typeof(UrllibServiceCollectionExtensions))]
    public void The_public_surface_is_the_one_that_was_approved(string name, Type member)
    {
        string approvedPath = Path.Combine(Repository.HouseTests, $"{name}.approved.txt");
        string received = PublicApiText.Of(member.Assembly.Location);
        if (Environment.GetEnvironmentVariable(Approve) == "1")
            File.WriteAllText(approvedPath, received);
        string approved = File.Exists(approvedPath) ? File.ReadAllText(approvedPath) : "";
        if (approved == received)
            return;
        string receivedPath = Path.Combine(AppContext.BaseDirectory, $"{name}.received.txt");
        File.WriteAllText(receivedPath, received);
        Assert.Fail($"""
            The public surface is not the approved one:
            {Difference(approved, received)}
            To accept it, look at it and copy it: cp {Relative(receivedPath)} {Relative(approvedPath)} (or run this test with {Approve}=1).
            """);
    }

    [Fact]
    public void The_text_shows_everything_a_caller_can_see_and_nothing_else()
    {
        var compilation = CSharpCompilation.Create(
            "sample",
            [Platform.Parse(Sample, "Sample.cs")],
            Platform.ReferencesWithoutLibrary,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        Assert.Empty(compilation.Emit(image).Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error));
        MetadataReference reference = MetadataReference.CreateFromImage(image.ToArray());
        IAssemblySymbol assembly = (IAssemblySymbol)CSharpCompilation.Create("api", references: Platform.ReferencesWithoutLibrary.Append(reference)).GetAssemblyOrModuleSymbol(reference)!;

        Assert.Equal(Expected.ReplaceLineEndings("\n"), PublicApiText.Of(assembly));
    }

    private const string Sample = """
        using System;
        namespace Urllib4;
        public sealed record Options { public string? Name { get; init; } = "x"; public int Size { get; private set; } internal int Hidden { get; init; } }
        public enum Kind { One, Two = 5 }
        public abstract class Door : IDisposable
        {
            public const int Width = 3;
            protected Door(int width = Width) { }
            internal Door(string secret) { }
            public abstract bool Open<T>(T key, params string?[] names) where T : class;
            public event EventHandler? Opened;
            public void Dispose() { }
            protected virtual void Close(ref int count, out string why) => why = "";
            private protected void Secret() { }
            public static implicit operator Door(int width) => throw new NotSupportedException();
            public string? this[int index] => null;
        }
        internal class Cellar;
        """;

    private const string Expected = """
        Urllib4: abstract class Door : IDisposable
            const int Width = 3
            protected Door(int width = 3)
            string? this[int index] { get; }
            event EventHandler? Opened
            abstract bool Open<T>(T key, params string?[] names) where T : class
            protected virtual void Close(ref int count, out string why)
            static implicit operator Door(int width)
            void Dispose()

        Urllib4: enum Kind
            One = 0
            Two = 5

        Urllib4: sealed record Options : IEquatable<Options>
            Options()
            int Size { get; }
            string? Name { get; init; }


        """;

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path);

    private static string Difference(string approved, string received)
    {
        string[] before = approved.Split('\n');
        string[] after = received.Split('\n');
        return string.Join('\n', before.Except(after).Select(static l => "- " + l).Concat(after.Except(before).Select(static l => "+ " + l)));
    }
}
