using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Urllib4.Transport;

/// <summary>
/// The system calls on sockets that the platform does not offer. Their numbers are the same on every architecture that .NET runs on.
/// </summary>
internal static partial class LinuxSocket
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const ulong UnsentQuery = 0x5411; // SIOCOUTQ
    private const int Interrupted = 4;
    private const int TryAgain = 11;

    /// <summary>Sends as much as there is room for, and so perhaps nothing. Never waits.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    public static int SendNow(SafeSocketHandle socket, ReadOnlySpan<byte> data)
    {
        while (true)
        {
            nint sent = Send(socket, data, data.Length, DontWait | NoSignal);
            if (sent >= 0)
                return (int)sent;
            int errno = Marshal.GetLastPInvokeError();
            if (errno == TryAgain)
                return 0;
            if (errno != Interrupted)
                throw ErrorOf(errno);
        }
    }

    /// <summary>How many bytes were sent that the other side has not acknowledged.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    public static int Unacknowledged(SafeSocketHandle socket) =>
        Ioctl(socket, (nuint)UnsentQuery, out int count) == 0 ? count : throw ErrorOf(Marshal.GetLastPInvokeError());

    /// <summary>An error number of the system, as the platform has it.</summary>
    public static SocketException ErrorOf(int errno) => new((int)(errno switch
    {
        1 or 13 => SocketError.AccessDenied,
        2 or 99 => SocketError.AddressNotAvailable, // no such file, for a Unix socket
        32 => SocketError.Shutdown,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        105 => SocketError.NoBufferSpaceAvailable,
        107 => SocketError.NotConnected,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    }));

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Send(SafeSocketHandle socket, ReadOnlySpan<byte> data, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Ioctl(SafeSocketHandle socket, nuint request, out int count);
}
