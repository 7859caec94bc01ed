using System.ComponentModel;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Urllib4.Transport;

/// <summary>
/// The one table of what the platform's streams throw when a connection breaks. What is listed here becomes an error of this library at
/// the edge of the wire; nothing of it goes further.
/// </summary>
internal static class WireFailures
{
    /// <summary>Whether a failure of a read or a write means that the connection is gone.</summary>
    public static bool IsBreak(Exception failure) => failure switch
    {
        WouldWaitException => false, // says that nothing has come, and stays inside
        IOException => true, // streams, and TLS around a socket's failure
        Win32Exception => true, // sockets, and TLS where the platform speaks for itself
        ObjectDisposedException => true, // somebody else closed what lies below
        AuthenticationException => true, // TLS in the middle of a connection
        _ => false,
    };
}
