using Urllib4.Policies.Auth;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>Knows what to say to which origin: a vault, a file, a dialogue with the user.</summary>
/// <remarks>
/// Asked before each request to an origin, also after a redirect to another one, so it keeps what is costly to find. Compare scheme, host
/// and port of what it is asked for: a redirect may lead to any port of a host. An origin that a call has left and is sent back to gets no
/// credentials, and the source is not asked. May be asked from several threads at once. What it throws ends the call. An asynchronous call
/// waits for it as long as <see cref="HttpTimeout.Total"/> allows; a blocking one lends it its thread.
/// </remarks>
public abstract class CredentialSource
{
    /// <summary>
    /// Reads the credentials from a file in the format of netrc, once; its <c>default</c> entry is never used. An entry names neither
    /// scheme nor port, so it is for the origin of the caller's URL only, and never for one that a redirect chose.
    /// </summary>
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

    /// <summary>
    /// Whether it tells origins by their host alone. Then it is not asked for an origin that a redirect has chosen: that may be another
    /// port of the same host, or the host without TLS.
    /// </summary>
    internal virtual bool KnowsHostsOnly => false;

    private sealed class NetrcFile(string? path) : CredentialSource
    {
        private readonly Netrc _entries = Read(path);

        internal override bool KnowsHostsOnly => true;

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
