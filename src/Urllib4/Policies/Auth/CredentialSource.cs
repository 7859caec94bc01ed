using Urllib4.Policies.Auth;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>Knows what to say to which origin: a vault, a file, a dialogue with the user.</summary>
/// <remarks>
/// Asked before each request to an origin, also after a redirect, so it keeps what is costly to find. May be asked from several threads
/// at once. What it throws ends the call. An asynchronous call waits for it as long as <see cref="HttpTimeout.Total"/> allows; a blocking
/// one lends it its thread.
/// </remarks>
public abstract class CredentialSource
{
    /// <summary>Reads the credentials from a file in the format of netrc, once; its <c>default</c> entry is never used.</summary>
    /// <param name="path">The file; null for the one that the variable <c>NETRC</c> names, else <c>.netrc</c> in the home folder.</param>
    /// <returns>The source. A user name in the URL chooses among the entries of a host; what is found is sent as <c>Basic</c>.</returns>
    /// <exception cref="IOException">The file cannot be read; one that does not exist is as good as an empty one.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static CredentialSource FromNetrc(string? path = null) => new NetrcFile(path);

    /// <summary>Finds the credentials for an origin, for a blocking call.</summary>
    /// <param name="origin">Scheme, host and port of the request; with the user name if the URL of the caller had one.</param>
    /// <returns>The credentials, or null for none.</returns>
    public abstract HttpAuth? Find(Url origin);

    /// <summary>Finds the credentials for an origin, for an asynchronous call. By default the same as <see cref="Find"/>.</summary>
    /// <param name="origin">As for <see cref="Find"/>.</param>
    /// <param name="cancellationToken">Cancelled when the caller of the request gives up.</param>
    /// <returns>The credentials, or null for none.</returns>
    public virtual ValueTask<HttpAuth?> FindAsync(Url origin, CancellationToken cancellationToken) => new(Find(origin));

    private sealed class NetrcFile(string? path) : CredentialSource
    {
        private readonly Netrc _entries = Read(path);

        public override HttpAuth? Find(Url origin)
        {
            ArgumentNullException.ThrowIfNull(origin);
            Credential? found = _entries.For(HostName.Parse(origin.Host), origin.AuthDecoded.User);
            return found is null ? null : HttpAuth.Basic(found.User, found.Password);
        }

        private static Netrc Read(string? path)
        {
            path ??= Environment.GetEnvironmentVariable("NETRC") is { Length: > 0 } named
                ? named
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".netrc");
            try
            {
                return Netrc.Parse(File.ReadAllText(path));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return Netrc.Parse("");
            }
        }
    }
}
