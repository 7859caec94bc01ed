using Urllib4.Waiting;

namespace Urllib4.Pools;

/// <summary>
/// A request that waits for a connection. It stands in the queue until it is served or withdrawn; both happen under the pool's lock, so
/// exactly one of them does.
/// </summary>
internal sealed class PoolTicket(bool fresh)
{
    /// <summary>Raised after <see cref="Outcome"/> was written.</summary>
    public Signal Served { get; } = new();

    /// <summary>Whether only a newly opened connection will do.</summary>
    public bool Fresh => fresh;

    /// <summary>
    /// What the request is to do; <see cref="PoolStep.Wait"/> as long as it stands in the queue. Guarded by the pool's lock.
    /// </summary>
    public PoolDecision Outcome { get; set; } = new(PoolStep.Wait);

    /// <summary>The next one that was served in the same step.</summary>
    public PoolTicket? Next { get; set; }

    /// <summary>Its place in the queue, or null when it left it. Guarded by the pool's lock.</summary>
    public LinkedListNode<PoolTicket>? Place { get; set; }

    /// <summary>Wakes this one and all that were served in the same step. Not under the pool's lock.</summary>
    public void Wake()
    {
        for (PoolTicket? ticket = this; ticket is not null;)
        {
            PoolTicket? next = ticket.Next;
            ticket.Served.Set();
            ticket = next;
        }
    }
}
