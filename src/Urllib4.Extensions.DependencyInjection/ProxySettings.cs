namespace Urllib4;

/// <summary>The keys below <c>Proxy</c>. What is null stays as it was.</summary>
public sealed class ProxySettings
{
    /// <summary>
    /// The proxy, with its credentials if it wants any: <c>http://user:password@proxy.example:3128</c>. Kept out of every message and log.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>See <see cref="ProxyOptions.NoProxy"/>.</summary>
    public IReadOnlyList<string>? NoProxy { get; set; }

    /// <summary>See <see cref="ProxyOptions.UseForwardingForHttps"/>.</summary>
    public bool? UseForwardingForHttps { get; set; }
}
