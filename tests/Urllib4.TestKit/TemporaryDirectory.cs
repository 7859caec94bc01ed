namespace Urllib4.TestKit;

/// <summary>A directory that goes when the test is over.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Makes the directory.</summary>
    public TemporaryDirectory() => FullName = Directory.CreateTempSubdirectory("urllib4-").FullName;

    /// <summary>Its path.</summary>
    public string FullName { get; }

    /// <summary>Writes a file into it.</summary>
    /// <returns>The path of the file.</returns>
    public string Write(string name, string text)
    {
        string path = Path.Combine(FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
