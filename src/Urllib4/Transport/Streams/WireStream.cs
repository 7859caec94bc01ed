using System.Net;

namespace Urllib4.Transport;

/// <summary>
/// The stream at the bottom of a <see cref="Wire"/>: a socket, or whatever a dialer opened. Beyond what a stream can do it tells whether
/// bytes wait in it, keeps limits apart for reads and writes, says how far a write got, and can end the sending half.
/// </summary>
internal abstract class WireStream : NetworkedStream
{
    /// <summary>Where it comes from, if that has an address.</summary>
    public virtual EndPoint? LocalEndPoint => null;

    /// <summary>Where it leads, if that has an address.</summary>
    public virtual EndPoint? RemoteEndPoint => null;

    /// <summary>
    /// Whether blocking reads and writes keep the limits below. Where they do not, a <see cref="WireWatch"/> has to cut them off; so it has
    /// for asynchronous ones.
    /// </summary>
    public abstract bool KeepsTime { get; }

    /// <summary>
    /// Bytes that the other side has taken of all that was ever written, as far as that can be told. It grows while a write gets anywhere,
    /// and not when the stream is broken. Asked from any thread; never throws.
    /// </summary>
    public abstract long Taken { get; }

    /// <summary>While set, an asynchronous write that would have to wait throws <see cref="WouldWaitException"/> instead.</summary>
    public bool NeverWaits { get; set; }

    /// <summary>Sets when blocking reads have to be over, as a timestamp of the clock.</summary>
    /// <param name="moment">That moment; <see cref="long.MaxValue"/> for no limit.</param>
    /// <param name="now">The present one, for whoever knows it and is going to read at once.</param>
    public abstract void LimitReads(long moment, long? now);

    /// <summary>Sets how long blocking writes may take.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="now">The present moment, for whoever knows it and is going to write at once.</param>
    public abstract void LimitWrites(in WaitLimit limit, long? now);

    /// <summary>
    /// Holds the thread until a read need not wait, for so long at the most. False when the time was over first, and where that cannot be
    /// told.
    /// </summary>
    public abstract bool WaitReadable(TimeSpan limit);

    /// <summary>
    /// Holds the thread until a write need not wait, for so long at the most. Also true where that cannot be told, and when the limit of
    /// writes is over, which the write then says.
    /// </summary>
    public abstract bool WaitWritable(TimeSpan limit);

    /// <summary>Makes a write that is under way fail, and every later one; what comes can still be read.</summary>
    public abstract void StopSending();
}
