using System.Net;

namespace Urllib4.Policies;

/// <summary>What of the options holds for every dial of a pool.</summary>
/// <param name="Resolver">Who knows the addresses of a host; null for the system's resolver.</param>
/// <param name="SourceAddress">Where to connect from; null for what the system chooses.</param>
/// <param name="Clock">The clock of every limit.</param>
internal sealed record DialSettings(Resolver? Resolver, IPEndPoint? SourceAddress, TimeProvider Clock)
{
    /// <summary>The system's resolver, address and clock.</summary>
    public static DialSettings Default { get; } = new(null, null, TimeProvider.System);
}
