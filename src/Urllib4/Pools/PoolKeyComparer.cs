namespace Urllib4.Pools;

/// <summary>
/// Compares keys of one manager; and URLs with them, which stand for the key of a direct connection under the manager's own TLS options, so
/// that none has to be made for looking it up.
/// </summary>
/// <param name="options">What holds for the manager.</param>
internal sealed class PoolKeyComparer(PoolOptions options) : IEqualityComparer<PoolKey>, IAlternateEqualityComparer<Url, PoolKey>
{
    public bool Equals(PoolKey? one, PoolKey? other) => one == other;

    // What else tells keys apart is rare, and costs more to hash than to compare.
    public int GetHashCode(PoolKey key) => Hash(key.Host, key.Port, key.Scheme == "https");

    public bool Equals(Url url, PoolKey key) =>
        url.EffectivePort == key.Port && url.IsHttps == (key.Scheme == "https") && Bare(url.HostSpan).SequenceEqual(key.Host)
        && key is { Proxy: null, Auth: null } && (key.Tls is null || key.Tls == options.Tls)
        && key.Egress == options.Egress && key.HttpVersions == PoolKey.Spoken(options.HttpVersions, key.Scheme);

    public int GetHashCode(Url url) => Hash(Bare(url.HostSpan), url.EffectivePort ?? 0, url.IsHttps);

    public PoolKey Create(Url url) => throw new NotSupportedException("A URL alone does not say how it is reached.");

    private static int Hash(ReadOnlySpan<char> host, int port, bool isHttps) =>
        string.GetHashCode(host, StringComparison.Ordinal) ^ (isHttps ? ~port : port);

    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> host) => host is ['[', .., ']'] ? host[1..^1] : host;
}
