namespace Urllib4;

/// <summary>No connection could be made: refused, unreachable, or no address left to try; urllib3's <c>NewConnectionError</c>.</summary>
/// <remarks>Nothing of the request had been sent, so any method may be tried again.</remarks>
public class NewConnectionException : HttpException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">Which endpoint, and what the network said, address by address.</param>
    /// <param name="innerException">What the platform said.</param>
    public NewConnectionException(string message, Exception? innerException = null)
        : this(message, HttpPhase.Connect, innerException)
    {
    }

    private protected NewConnectionException(string message, HttpPhase phase, Exception? innerException)
        : base(message, phase, Initiator.Network, innerException) => IsTransient = true;
}

/// <summary>The host has no address, or the resolver could not say; urllib3's <c>NameResolutionError</c>.</summary>
public sealed class NameResolutionException : NewConnectionException
{
    /// <summary>Creates the error.</summary>
    /// <param name="host">The host that was asked for.</param>
    /// <param name="reason">What the resolver said, as a sentence without its full stop.</param>
    /// <param name="innerException">What the platform said.</param>
    public NameResolutionException(string host, string reason, Exception? innerException = null)
        : base($"The host '{host}' could not be resolved: {reason}.", HttpPhase.Resolve, innerException)
    {
        Host = host;
        Reason = reason;
    }

    /// <summary>The host that was asked for.</summary>
    public string Host { get; }

    /// <summary>What the resolver said.</summary>
    internal string Reason { get; }
}
