using System.Net.Sockets;
using Urllib4.Primitives;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4;

/// <summary>
/// Connects to a Unix domain socket, whatever the host and the port of the URL: for daemons that listen on a file, as Docker's does.
/// The host of the URL still goes into the <c>Host</c> header, and TLS checks it.
/// </summary>
/// <remarks>Immutable, so safe to share between threads. Dialers of the same path are equal.</remarks>
public sealed class UnixSocketDialer : Dialer
{
    private readonly UnixDomainSocketEndPoint _endpoint;

    /// <summary>Creates a dialer for a socket, which need not exist yet.</summary>
    /// <param name="path">
    /// The path of the socket, 107 bytes of UTF-8 at the most on Linux. A relative one begins at the current directory of the moment of the
    /// dial. On Linux a path that begins with a NUL names an abstract socket.
    /// </param>
    /// <exception cref="ArgumentException">The path is null or empty, or longer than the system's limit.</exception>
    /// <exception cref="PlatformNotSupportedException">The system has no Unix sockets.</exception>
    public UnixSocketDialer(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            _endpoint = new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ArgumentException($"The path of the socket is too long for the system: {e.Message}", nameof(path), e);
        }

        Path = path;
    }

    /// <summary>The path of the socket.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    /// <exception cref="NewConnectionException">Nobody listens there, or this process may not connect.</exception>
    /// <exception cref="HttpTimeoutException">A limit ran out.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public override Stream Dial(DialTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Blocking.Result(Open<Blocking>(target, cancellationToken));
    }

    /// <inheritdoc/>
    /// <exception cref="NewConnectionException">Nobody listens there, or this process may not connect.</exception>
    /// <exception cref="HttpTimeoutException">A limit ran out.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public override ValueTask<Stream> DialAsync(DialTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Open<Asynchronous>(target, cancellationToken);
    }

    /// <summary>Whether the other one dials the same path.</summary>
    /// <param name="obj">What to compare with.</param>
    /// <returns>Whether it does.</returns>
    public override bool Equals(object? obj) => obj is UnixSocketDialer other && other.Path == Path;

    /// <inheritdoc/>
    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);

    /// <summary>The path, for example <c>unix:/run/docker.sock</c>.</summary>
    /// <returns>The path.</returns>
    public override string ToString() => $"unix:{_endpoint}";

    private async ValueTask<Stream> Open<TMode>(DialTarget target, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        Deadline connectBy = Deadline.In(target.Timeout.Connect, target.Settings.Clock);
        Deadline by = Deadline.In(target.Total.Cap(target.Timeout.Connect), target.Settings.Clock);
        try
        {
            Socket socket = await SocketConnect
                .Connect<TMode>(_endpoint, null, by, target.Settings.Clock, cancellationToken).ConfigureAwait(false);
            return new SocketStream(socket, target.Settings.Clock);
        }
        catch (SocketException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (e.SocketErrorCode == SocketError.TimedOut && by.HasPassed)
                throw WireTimeouts.Create(HttpPhase.Connect, target.Timeout.Connect, connectBy.Elapsed, target.Total, target.Peer, e);
            throw new NewConnectionException($"No connection to {target.Peer} could be made ({this}: {Reason(e)}).", e);
        }
    }

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressNotAvailable => "there is no such file",
        SocketError.ConnectionRefused => "nobody listens there",
        SocketError.AccessDenied => "this process may not use it",
        _ => e.Message,
    };
}
