namespace Urllib4;

/// <summary>
/// What a configuration may say about the pools of a program. A key has the name, the meaning and the limits of the member of
/// <see cref="PoolOptions"/> that it sets; what is null stays as it was.
/// </summary>
/// <remarks>
/// A time is written as hours, minutes and seconds (<c>00:00:10</c>); <c>-00:00:00.001</c> is an infinite one. A key that does not exist, a
/// value that cannot be read and one against a rule end the start of the host with the full key and the rule, never with the value.
/// </remarks>
public sealed class UrllibSettings
{
    /// <summary>See <see cref="PoolOptions.NumPools"/>.</summary>
    public int? NumPools { get; set; }

    /// <summary>See <see cref="PoolOptions.MaxSize"/>.</summary>
    public int? MaxSize { get; set; }

    /// <summary>See <see cref="PoolOptions.Block"/>.</summary>
    public bool? Block { get; set; }

    /// <summary>See <see cref="PoolOptions.MaxIdleTime"/>.</summary>
    public TimeSpan? MaxIdleTime { get; set; }

    /// <summary>See <see cref="PoolOptions.MaxLifetime"/>.</summary>
    public TimeSpan? MaxLifetime { get; set; }

    /// <summary>See <see cref="PoolOptions.TrustEnvironment"/>; here it is true unless this is false.</summary>
    public bool? TrustEnvironment { get; set; }

    /// <summary>See <see cref="PoolOptions.Headers"/>: a name and a value each.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; set; }

    /// <summary>See <see cref="PoolOptions.Timeout"/>.</summary>
    public TimeoutSettings? Timeout { get; set; }

    /// <summary>See <see cref="PoolOptions.Retries"/>.</summary>
    public RetrySettings? Retries { get; set; }

    /// <summary>See <see cref="PoolOptions.Proxy"/>.</summary>
    public ProxySettings? Proxy { get; set; }

    /// <summary>See <see cref="PoolOptions.Tls"/>.</summary>
    public TlsSettings? Tls { get; set; }
}
