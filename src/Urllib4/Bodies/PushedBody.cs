using Urllib4.Waiting;

namespace Urllib4.Bodies;

/// <summary>
/// A body that writes itself instead of being read, because what it stands for can only do that. Whoever sends it brings the stream, so
/// that nothing is gathered in between.
/// </summary>
internal abstract class PushedBody : RequestBody
{
    /// <summary>Writes the whole body. What it throws itself comes out unchanged; it stops when the stream fails.</summary>
    public abstract ValueTask WriteTo<TMode>(Stream destination, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode;

    protected internal sealed override Stream Open() => throw new NotSupportedException("This body is written, not read.");
}
