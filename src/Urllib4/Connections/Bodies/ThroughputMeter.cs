namespace Urllib4.Connections;

/// <summary>
/// Holds what comes of a body against the least rate asked for. Only the time counts in which somebody waited for the server, so that a
/// caller who reads slowly is not mistaken for a server that sends slowly.
/// </summary>
internal sealed class ThroughputMeter(double minimumBytesPerSecond, TimeSpan window)
{
    // The window slides by tenths: exact enough for a rate, and cheap enough to be asked before every read.
    private const int Slots = 10;

    private readonly long[] _bytes = new long[Slots]; // of the last tenths, the present one among them
    private readonly long _slotTicks = Math.Max(1, window.Ticks / Slots);
    private long _waited; // ticks, over the whole body

    private long Slot => _waited / _slotTicks;

    /// <summary>How long the next wait may last: if nothing has come by then, the window that ends there had too little.</summary>
    public TimeSpan Patience => TimeSpan.FromTicks(((FirstTooSlow().Slot + 1) * _slotTicks) - _waited);

    /// <summary>Counts what a wait brought.</summary>
    /// <returns>False when it lasted longer than <see cref="Patience"/>, and what it brought does not make up for that.</returns>
    public bool Count(int bytes, TimeSpan waited)
    {
        bool isLate = waited > Patience;
        long before = Slot;
        _waited += waited.Ticks;
        for (long slot = Math.Max(before, Slot - Slots) + 1; slot <= Slot; slot++)
            _bytes[slot % Slots] = 0;
        _bytes[Slot % Slots] += bytes;
        return !isLate || FirstTooSlow().Slot > Slot;
    }

    /// <summary>The error for a wait that brought nothing, or too little, within <see cref="Patience"/>.</summary>
    /// <param name="waited">How long it has lasted, as far as it is not counted yet.</param>
    public ThroughputException TooSlow(TimeSpan waited)
    {
        TimeSpan over = waited - Patience;
        return new(FirstTooSlow().Bytes, minimumBytesPerSecond, window, over > TimeSpan.Zero ? window + over : window);
    }

    // The first tenth with whose end a window would have too little if nothing came any more, and what that window would have.
    private (long Slot, long Bytes) FirstTooSlow()
    {
        long bytes = 0;
        foreach (long part in _bytes)
            bytes += part;
        long slot = Slot;
        while (slot < Slots - 1 || bytes >= minimumBytesPerSecond * window.TotalSeconds)
            bytes -= _bytes[++slot % Slots];
        return (slot, bytes);
    }
}
