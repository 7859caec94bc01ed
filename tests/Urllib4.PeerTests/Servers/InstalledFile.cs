namespace Urllib4.PeerTests.Servers;

/// <summary>Finds what a peer needs on this machine, and decides what it means when it is not there.</summary>
internal static class InstalledFile
{
    // Debian keeps servers where the PATH of an ordinary user does not look.
    private static readonly string[] SystemDirectories = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>Whether a missing server fails the test (<c>URLLIB4_PEERS=required</c>, as in <c>.ci/run</c>) or leaves it out.</summary>
    private static bool AreRequired => Environment.GetEnvironmentVariable("URLLIB4_PEERS") == "required";

    /// <summary>Looks for a program by name, or for any file by its absolute path.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(SystemDirectories)
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(Path.Exists);

    /// <summary>The path of a file; without it the running test ends here, left out with the reason or failed.</summary>
    /// <param name="name">The name of a program, or an absolute path.</param>
    /// <param name="package">The package it comes from.</param>
    /// <exception cref="InvalidOperationException">It is missing and peers are required.</exception>
    public static string Require(string name, string package) => Require(name, package, AreRequired);

    /// <summary>As <see cref="Require(string, string)"/>, whatever the environment says.</summary>
    public static string Require(string name, string package, bool isRequired)
    {
        string? path = Find(name);
        string reason = $"{package} is not installed; .ci/run installs it";
        if (path is null && isRequired)
            throw new InvalidOperationException(reason);
        Assert.SkipWhen(path is null, reason);
        return path;
    }
}
