using System.Net.Sockets;
using Urllib4.Primitives;

namespace Urllib4.Transport;

/// <summary>The table from a phase to the error that its limit ends in.</summary>
internal static class WireTimeouts
{
    /// <summary>Whether a failure is a socket's own timeout, however deeply TLS has wrapped it.</summary>
    public static bool IsTimeout(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock })
                return true;
        }

        return false;
    }

    /// <summary>The error for a wait that lasted too long: the deadline's when that was what ran out, else the phase's own.</summary>
    /// <param name="phase">Where the call was.</param>
    /// <param name="limit">The limit of that phase.</param>
    /// <param name="waited">How long it has been waiting.</param>
    /// <param name="total">The deadline of the call.</param>
    /// <param name="peer">Who was waited for: host and port, or the proxy.</param>
    /// <param name="cause">What the platform said, if anything.</param>
    public static HttpTimeoutException Create(
        HttpPhase phase, TimeSpan limit, TimeSpan waited, Deadline total, string peer, Exception? cause = null)
    {
        if (total.HasPassed)
            return new TotalTimeoutException(phase, total.Limit, total.Elapsed, cause);
        return phase switch
        {
            HttpPhase.Resolve => new NameResolutionTimeoutException(peer, limit, waited),
            HttpPhase.Connect => new ConnectTimeoutException(peer, limit, waited, cause),
            HttpPhase.Tls => new TlsTimeoutException(peer, limit, waited),
            HttpPhase.Proxy => new ProxyTimeoutException(peer, limit, waited),
            HttpPhase.Send => new SendTimeoutException(limit, waited, cause),
            _ => new ReadTimeoutException(phase, limit, waited, cause),
        };
    }
}
