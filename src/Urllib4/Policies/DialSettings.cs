using System.Net;

namespace Urllib4.Policies;

/// <summary>What of the options holds for every dial of a pool.</summary>
/// <param name="Resolver">Who knows the addresses of a host; null for the system's resolver.</param>
/// <param name="SourceAddress">Where to connect from; null for what the system chooses.</param>
/// <param name="Clock">The clock of every limit.</param>
/// <param name="Guard">Who says which addresses may be dialed; null for all.</param>
/// <param name="Names">What is remembered of the resolver's answers; null for nothing.</param>
internal sealed record DialSettings(
    Resolver? Resolver, IPEndPoint? SourceAddress, TimeProvider Clock, EgressGuard? Guard = null, INameSource? Names = null)
{
    /// <summary>How long one address of a host is ahead of the next; infinite for one after the other.</summary>
    public TimeSpan HeadStart { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The address that won last time; null for no memory.</summary>
    public IDialMemory? Winner { get; init; }

    /// <summary>The system's resolver, address and clock.</summary>
    public static DialSettings Default { get; } = new(null, null, TimeProvider.System);
}
