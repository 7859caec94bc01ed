using System.Net;

namespace Urllib4.Policies;

/// <summary>What the dials of a pool tell the next ones.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal interface IDialMemory
{
    /// <summary>The address to begin with, or null when none is known.</summary>
    IPEndPoint? EndPoint { get; }

    /// <summary>An address has won.</summary>
    void Remember(IPEndPoint endPoint, TimeProvider clock);

    /// <summary>An address has failed.</summary>
    void Forget(IPEndPoint endPoint);
}
