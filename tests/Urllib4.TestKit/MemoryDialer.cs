namespace Urllib4.TestKit;

/// <summary>
/// Leads every connection of a pool to a <see cref="ScriptedPeer"/> in memory: the first to the first dialogue, the second to the second.
/// So a whole manager runs in memory, in both modes, on virtual time. Safe to use from several threads.
/// </summary>
/// <example><code>
/// var dialer = new MemoryDialer(new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
/// using var manager = new PoolManager(new PoolOptions { Dialer = dialer, Clock = dialer.Time });
/// </code></example>
public sealed class MemoryDialer : Dialer
{
    private readonly Lock _gate = new();
    private readonly Func<DialTarget, int, Dialogue> _dialogueFor;
    private readonly List<DialTarget> _targets = [];
    private readonly List<ScriptedPeer> _peers = [];

    /// <summary>Creates a dialer for so many connections; one more is an error.</summary>
    public MemoryDialer(params Dialogue[] dialogues)
        : this((target, index) => index < dialogues.Length
            ? dialogues[index]
            : throw new DialogueException($"Connection {index + 1}, to {target}, was not expected."))
    {
    }

    /// <summary>Creates a dialer that asks for the dialogue of each connection, by where it leads and its number from 0.</summary>
    public MemoryDialer(Func<DialTarget, int, Dialogue> dialogueFor) => _dialogueFor = dialogueFor;

    /// <summary>The clock of all peers.</summary>
    public VirtualTime Time { get; } = new();

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<DialTarget> Targets
    {
        get
        {
            lock (_gate)
                return [.. _targets];
        }
    }

    /// <summary>The peers that were dialed, in order.</summary>
    public IReadOnlyList<ScriptedPeer> Peers
    {
        get
        {
            lock (_gate)
                return [.. _peers];
        }
    }

    /// <inheritdoc/>
    public override Stream Dial(DialTarget target, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _targets.Add(target);
            var peer = new ScriptedPeer(_dialogueFor(target, _targets.Count - 1), Time);
            _peers.Add(peer);
            return peer.ClientEnd;
        }
    }
}
