namespace Urllib4.HouseTests;

/// <summary>The working copy these tests were built from, found by going up from the test assembly to the solution.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Sources => Path.Combine(Root, "src", "Urllib4");

    /// <summary>The files under a directory, by relative paths with slashes, without what the build made.</summary>
    public static IEnumerable<(string Path, string Text)> Read(string directory, string pattern) =>
        !Directory.Exists(directory)
            ? []
            : from file in Directory.EnumerateFiles(directory, pattern, SearchOption.AllDirectories)
              let path = Path.GetRelativePath(directory, file).Replace('\\', '/')
              where !path.Split('/').Any(static part => part is "bin" or "obj")
              orderby path
              select (path, File.ReadAllText(file));

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Urllib4.slnx")))
                return at.FullName;
        }

        throw new InvalidOperationException("These tests read the repository and have to lie in it: Urllib4.slnx was not found above them.");
    }
}
