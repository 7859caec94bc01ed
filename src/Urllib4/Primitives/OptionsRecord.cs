namespace Urllib4;

/// <summary>
/// Options with collections that an initializer may fill: <c>new() { Headers = { ["X-A"] = "1" } }</c>. They never change once they were
/// used by a request or a manager, or copied by <c>with</c>: from then on their collections are read-only.
/// </summary>
/// <remarks>Every object has collections of its own; filling those of one never shows in another.</remarks>
public abstract record OptionsRecord
{
    private volatile bool _isSealed;

    private protected OptionsRecord()
    {
    }

    /// <summary>Copies options, for <c>with</c>; both are sealed as far as they share collections.</summary>
    /// <param name="original">The options to copy.</param>
    /// <exception cref="ArgumentNullException"><paramref name="original"/> is null.</exception>
    protected OptionsRecord(OptionsRecord original)
    {
        ArgumentNullException.ThrowIfNull(original);
        original.Seal();
    }

    /// <summary>Whether the collections are read-only by now, so that one that is not there need not be made.</summary>
    private protected bool IsSealed => _isSealed;

    /// <summary>Whether the other is of the same type; the members are compared there. To be sealed makes no difference.</summary>
    /// <param name="other">The other options.</param>
    /// <returns>True when it is.</returns>
    public virtual bool Equals(OptionsRecord? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <summary>Makes the collections read-only. Sealing again changes nothing.</summary>
    internal void Seal()
    {
        if (_isSealed)
            return;
        _isSealed = true;
        SealCollections();
    }

    private protected abstract void SealCollections();
}
