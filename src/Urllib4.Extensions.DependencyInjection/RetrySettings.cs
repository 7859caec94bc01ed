namespace Urllib4;

/// <summary>The keys below <c>Retries</c>, which change the default policy. What is null stays as it was.</summary>
public sealed class RetrySettings
{
    /// <summary>See <see cref="Retry.Total"/>.</summary>
    public int? Total { get; set; }

    /// <summary>See <see cref="Retry.Connect"/>.</summary>
    public int? Connect { get; set; }

    /// <summary>See <see cref="Retry.Read"/>.</summary>
    public int? Read { get; set; }

    /// <summary>See <see cref="Retry.Redirect"/>.</summary>
    public int? Redirect { get; set; }

    /// <summary>See <see cref="Retry.Status"/>.</summary>
    public int? Status { get; set; }

    /// <summary>See <see cref="Retry.Other"/>.</summary>
    public int? Other { get; set; }

    /// <summary>See <see cref="Retry.StatusForcelist"/>.</summary>
    public IReadOnlyList<int>? StatusForcelist { get; set; }

    /// <summary>See <see cref="Retry.AllowedMethods"/>.</summary>
    public IReadOnlyList<string>? AllowedMethods { get; set; }

    /// <summary>See <see cref="Retry.BackoffFactor"/>.</summary>
    public double? BackoffFactor { get; set; }

    /// <summary>See <see cref="Retry.BackoffMax"/>.</summary>
    public TimeSpan? BackoffMax { get; set; }

    /// <summary>See <see cref="Retry.BackoffJitter"/>.</summary>
    public TimeSpan? BackoffJitter { get; set; }

    /// <summary>See <see cref="Retry.RespectRetryAfterHeader"/>.</summary>
    public bool? RespectRetryAfterHeader { get; set; }

    /// <summary>See <see cref="Retry.RetryAfterMax"/>.</summary>
    public TimeSpan? RetryAfterMax { get; set; }
}
