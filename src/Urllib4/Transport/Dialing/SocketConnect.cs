using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>
/// One connect of a stream socket. The blocking one keeps the socket one that really blocks: the platform would turn it into an
/// emulation for good at the first call that does not, and a plain connect cannot be given a time. So on Linux the connect is begun
/// on the descriptor itself, waited for with a poll, and the descriptor then gets a fresh socket object.
/// </summary>
internal static partial class SocketConnect
{
    // Often enough for a cancellation to be felt at once, seldom enough to cost nothing.
    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(20);

    /// <summary>Connects a new socket.</summary>
    /// <param name="endpoint">To where.</param>
    /// <param name="source">From where, or null.</param>
    /// <param name="deadline">By when.</param>
    /// <param name="clock">The clock of the deadline.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    /// <exception cref="SocketException">Refused, unreachable, out of time (<see cref="SocketError.TimedOut"/>), or cancelled.</exception>
    public static ValueTask<Socket> Connect<TMode>(
        EndPoint endpoint, IPEndPoint? source, Deadline deadline, TimeProvider clock, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        Socket socket = New(endpoint, source);
        return TMode.IsBlocking
            ? new(ConnectHoldingThread(socket, endpoint, deadline, cancellationToken))
            : ConnectAsync(socket, endpoint, deadline, clock, cancellationToken);
    }

    /// <summary>Begins to connect a new socket on Linux, and does not wait for it.</summary>
    /// <param name="endpoint">To where.</param>
    /// <param name="source">From where, or null.</param>
    /// <returns>The socket, to be waited for until it can be written to, and then to be handed to <see cref="Finish"/>.</returns>
    /// <exception cref="SocketException">Refused or unreachable at once.</exception>
    public static Socket Begin(IPEndPoint endpoint, IPEndPoint? source)
    {
        Socket socket = New(endpoint, source);
        try
        {
            int descriptor = (int)socket.SafeHandle.DangerousGetHandle();
            Checked(Fcntl(descriptor, SetFlags, Checked(Fcntl(descriptor, GetFlags, 0)) | NonBlocking));
            SocketAddress address = endpoint.Serialize();
            bool isDone = Connect(descriptor, address.Buffer.Span, address.Size) == 0;
            if (!isDone && Marshal.GetLastPInvokeError() is var errno and not InProgress)
                throw LinuxSocket.ErrorOf(errno);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Makes a socket that was begun, and is writable, one that blocks.</summary>
    /// <exception cref="SocketException">The connect failed.</exception>
    public static Socket Finish(Socket socket)
    {
        ThrowIfFailed(socket);
        int descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        Checked(Fcntl(descriptor, SetFlags, Checked(Fcntl(descriptor, GetFlags, 0)) & ~NonBlocking));
        return Renewed(socket);
    }

    private static Exception Explained(Exception failure) => failure switch
    {
        TimeoutException => new SocketException((int)SocketError.TimedOut),
        // Disposed by the cancellation.
        OperationCanceledException or ObjectDisposedException => new SocketException((int)SocketError.OperationAborted),
        _ => failure,
    };

    private static Socket New(EndPoint endpoint, IPEndPoint? source)
    {
        bool isTcp = endpoint is IPEndPoint;
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, isTcp ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (isTcp)
                socket.NoDelay = true;
            if (source is not null)
                socket.Bind(source);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<Socket> ConnectAsync(
        Socket socket, EndPoint endpoint, Deadline deadline, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            while (!await TryConnect(socket, endpoint, deadline, clock, cancellationToken).ConfigureAwait(false))
                await Task.Delay(_slice, clock, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw Explained(e);
        }
    }

    // False while the queue of a listener on a Unix socket is full.
    private static async ValueTask<bool> TryConnect(
        Socket socket, EndPoint endpoint, Deadline deadline, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await socket.ConnectAsync(endpoint, CancellationToken.None).AsTask()
                .WaitUpTo(deadline.Remaining, clock, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock && !deadline.HasPassed)
        {
            return false;
        }
    }

    private static Socket ConnectHoldingThread(Socket socket, EndPoint endpoint, Deadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return ConnectByPoll(socket, endpoint, deadline, cancellationToken);
            using (cancellationToken.UnsafeRegister(static s => ((Socket)s!).Dispose(), socket))
            {
                socket.Connect(endpoint);
                return socket;
            }
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw Explained(e);
        }
    }

    private static Socket ConnectByPoll(Socket socket, EndPoint endpoint, Deadline deadline, CancellationToken cancellationToken)
    {
        SafeSocketHandle handle = socket.SafeHandle;
        int descriptor = (int)handle.DangerousGetHandle();
        int flags = Checked(Fcntl(descriptor, GetFlags, 0));
        Checked(Fcntl(descriptor, SetFlags, flags | NonBlocking));
        SocketAddress address = endpoint.Serialize();
        while (Connect(descriptor, address.Buffer.Span, address.Size) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != TryAgain)
            {
                WaitForConnect(socket, errno, deadline, cancellationToken);
                break;
            }

            // The queue of a listener on a Unix socket is full, and nothing tells when it no longer is.
            ThrowIfOver(deadline, cancellationToken);
            Thread.Sleep(Min(deadline.Remaining, _slice));
        }

        Checked(Fcntl(descriptor, SetFlags, flags));
        return Renewed(socket);
    }

    // The old object never learned that it is connected; a new one reads it off the descriptor, and has the handle from now on: the old one
    // is neither to be disposed nor finalized.
    private static Socket Renewed(Socket socket)
    {
        var connected = new Socket(socket.SafeHandle);
        GC.SuppressFinalize(socket);
        return connected;
    }

    private static void WaitForConnect(Socket socket, int errno, Deadline deadline, CancellationToken cancellationToken)
    {
        if (errno != InProgress)
            throw LinuxSocket.ErrorOf(errno);
        while (!socket.Poll((int)Min(deadline.Remaining, _slice).TotalMicroseconds, SelectMode.SelectWrite))
            ThrowIfOver(deadline, cancellationToken);
        ThrowIfFailed(socket);
    }

    private static void ThrowIfFailed(Socket socket)
    {
        // Asked of the system itself: the platform's way makes tables of every error there is.
        int length = sizeof(int);
        Checked(GetSockOpt((int)socket.Handle, SocketLevel, ErrorOption, out int errno, ref length));
        if (errno != 0)
            throw LinuxSocket.ErrorOf(errno);
    }

    private static void ThrowIfOver(Deadline deadline, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            throw new SocketException((int)SocketError.OperationAborted);
        if (deadline.HasPassed)
            throw new SocketException((int)SocketError.TimedOut);
    }

    private static int Checked(int result) => result >= 0 ? result : throw LinuxSocket.ErrorOf(Marshal.GetLastPInvokeError());

    private static TimeSpan Min(TimeSpan left, TimeSpan slice) => left == Timeout.InfiniteTimeSpan || left > slice ? slice : left;

    // Linux, the same on every architecture .NET runs on.
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int NonBlocking = 0x800;
    private const int InProgress = 115;
    private const int TryAgain = 11;
    private const int SocketLevel = 1;
    private const int ErrorOption = 4;

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetSockOpt(int descriptor, int level, int option, out int value, ref int length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Connect(int descriptor, ReadOnlySpan<byte> address, int length);
}
