namespace Urllib4;

/// <summary>
/// Opens the connections of a pool: gets a host and a port, and gives back a stream. TLS and HTTP are spoken on top of it. Set it as
/// <see cref="PoolOptions.Dialer"/>.
/// </summary>
/// <remarks>
/// <para>
/// Derive from it to reach a server in another way than by TCP: in memory, through a tunnel, with bytes of one's own before everything
/// else.
/// <see cref="UnixSocketDialer"/> and <see cref="TcpDialer"/> are ready-made; a dialer may call another one and work on its stream.
/// An implementation has to be safe to call from several threads at once.
/// </para>
/// <para>
/// The pool owns the stream from then on and disposes of it, which has to end a read or a write that is under way. One read and one write
/// may run at the same time. A stream that is a <see cref="System.Net.Sockets.NetworkStream"/> is used as the socket that it is.
/// </para>
/// <para>
/// An exception that is no <see cref="HttpException"/> becomes a <see cref="NewConnectionException"/> with that exception inside; nothing
/// of the request was sent, so it may be tried again.
/// </para>
/// </remarks>
public abstract class Dialer
{
    /// <summary>Opens a connection, holding the calling thread.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">
    /// Cancelled when <see cref="HttpTimeout.Connect"/> or the whole call has run out of time, or when the caller has given up. A dialer
    /// has to come back then: nobody can interrupt it.
    /// </param>
    /// <returns>A stream that can be read and written, at the server's first byte.</returns>
    public abstract Stream Dial(DialTarget target, CancellationToken cancellationToken);

    /// <summary>Opens a connection. Unless overridden it calls <see cref="Dial"/> on the calling thread.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">
    /// Cancelled when <see cref="HttpTimeout.Connect"/> or the whole call has run out of time, or when the caller has given up. If the
    /// dialer does not come back then, nobody waits for it; a stream that it opens later is disposed.
    /// </param>
    /// <returns>A stream that can be read and written, at the server's first byte.</returns>
    public virtual ValueTask<Stream> DialAsync(DialTarget target, CancellationToken cancellationToken) =>
        new(Dial(target, cancellationToken));
}
