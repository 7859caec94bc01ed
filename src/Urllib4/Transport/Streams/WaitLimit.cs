namespace Urllib4.Transport;

/// <summary>
/// By when a wait has to be over. With a span it is put off by progress: the wait ends when nothing has moved for so long, or at the latest
/// moment, whichever comes first.
/// </summary>
/// <remarks>All moments are timestamps of one clock; a span counts its ticks.</remarks>
internal struct WaitLimit
{
    // How many times within the span somebody looks for progress. So a standstill is noticed after the span and an eighth at the most.
    private const int Looks = 8;

    private readonly long _latest;
    private readonly long _span;
    private long _movedAt;
    private long _taken;

    private WaitLimit(long latest, long span, long now)
    {
        _latest = latest;
        _span = span;
        _movedAt = now;
        _taken = long.MinValue; // nobody has looked yet
    }

    /// <summary>No limit.</summary>
    public static WaitLimit None => At(long.MaxValue);

    /// <summary>Whether progress means nothing to it.</summary>
    public readonly bool IsFixed => _span == long.MaxValue;

    /// <summary>Whether it is known what had been taken when the wait began.</summary>
    public readonly bool IsBegun => _taken != long.MinValue;

    /// <summary>When it is over unless something moves.</summary>
    public readonly long End => _span >= long.MaxValue - _movedAt ? _latest : Math.Min(_latest, _movedAt + _span);

    /// <summary>A limit that ends at a moment.</summary>
    public static WaitLimit At(long moment) => new(moment, long.MaxValue, 0);

    /// <summary>A limit on standing still.</summary>
    /// <param name="latest">When the wait is over even if something moves.</param>
    /// <param name="span">How long nothing may move.</param>
    /// <param name="now">From when that counts.</param>
    public static WaitLimit OnStandstill(long latest, long span, long now) => new(latest, span, now);

    /// <summary>When to look again.</summary>
    public readonly long NextLook(long now) => IsFixed || !IsBegun ? End : Math.Min(End, now + Math.Max(_span / Looks, 1));

    /// <summary>A write begins: what was taken so far is no progress of it.</summary>
    public void Begin(long now, long taken) => (_movedAt, _taken) = (now, taken);

    /// <summary>
    /// Puts the end off if something has moved since the last look. The first look only takes note, in favour of the peer.
    /// </summary>
    public void Look(long now, long taken)
    {
        if (taken > _taken)
            Begin(now, taken);
    }
}
