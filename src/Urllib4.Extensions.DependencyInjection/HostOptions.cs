namespace Urllib4.DependencyInjection;

/// <summary>The options of one name, as the configuration of the host says. Made once; what is wrong with them ends the start.</summary>
internal sealed class HostOptions
{
    /// <summary>A program in a host is told its proxies by the environment, as <see cref="HttpClient"/> is.</summary>
    public PoolOptions Pools { get; set; } = PoolOptions.Default with { TrustEnvironment = true };
}
