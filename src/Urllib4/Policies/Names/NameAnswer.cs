using System.Collections.Immutable;
using System.Net;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>What a <see cref="Resolver"/> says of a host: its endpoints, and for how long that is true.</summary>
/// <remarks>Immutable, so safe to share between threads.</remarks>
public sealed class NameAnswer
{
    /// <summary>Creates an answer.</summary>
    /// <param name="endPoints">
    /// The endpoints in order of preference, each with a port; copied. None says that the host has no address, and is reported as
    /// <see cref="NameResolutionException"/>. More than 1,000 are an error.
    /// </param>
    /// <param name="timeToLive">For how long; null when that is not known.</param>
    /// <exception cref="ArgumentNullException">The list is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public NameAnswer(IReadOnlyList<IPEndPoint> endPoints, TimeSpan? timeToLive = null)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        if (timeToLive < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(timeToLive), timeToLive, "A time to live is not negative.");
        EndPoints = ImmutableArray.CreateRange(endPoints);
        TimeToLive = timeToLive;
    }

    /// <summary>The endpoints in order of preference.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>
    /// For how long that is true, before the limits of <see cref="NameOptions"/>; null for <see cref="NameOptions.DefaultTimeToLive"/>.
    /// </summary>
    public TimeSpan? TimeToLive { get; }

    /// <summary>The endpoints, and for how long.</summary>
    /// <returns>For example <c>192.0.2.1:80, 192.0.2.2:80 for 30 s</c>.</returns>
    public override string ToString()
    {
        string endpoints = EndPoints.Count == 0 ? "no address" : string.Join(", ", EndPoints);
        return TimeToLive is { } time ? $"{endpoints} for {FactText.Of(time)}" : endpoints;
    }
}
