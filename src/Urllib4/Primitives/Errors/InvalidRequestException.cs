namespace Urllib4;

/// <summary>The request cannot be sent as it was given; nothing was sent. The base of mistakes on this side.</summary>
public class InvalidRequestException : HttpException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The argument, the position in it, and the rule that was broken.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public InvalidRequestException(string message, Exception? innerException = null)
        : base(message, HttpPhase.Prepare, Initiator.Us, innerException)
    {
    }
}

/// <summary>
/// A header has an illegal name or value, or contradicts another; urllib3's <c>InvalidHeader</c>. The value itself is never shown.
/// </summary>
public sealed class InvalidHeaderException : InvalidRequestException
{
    /// <summary>Creates the error.</summary>
    /// <param name="name">The header's name, escaped and cut short.</param>
    /// <param name="position">Index of the offending character in the name or value, or -1 when the header as a whole is at fault.</param>
    /// <param name="rule">The rule that was broken, as a sentence without its full stop.</param>
    public InvalidHeaderException(string name, int position, string rule)
        : base($"The header '{name}' cannot be sent: {rule}{(position < 0 ? "" : $" (at index {position})")}.")
    {
        Name = name;
        Position = position;
    }

    /// <summary>The header's name.</summary>
    public string Name { get; }

    /// <summary>Index of the offending character, or -1.</summary>
    public int Position { get; }
}

/// <summary>The request body turned out shorter or longer than its announced length. The connection is closed.</summary>
public sealed class BodyLengthException : InvalidRequestException
{
    /// <summary>Creates the error.</summary>
    /// <param name="announced">The length that had been announced, in bytes.</param>
    /// <param name="actual">The bytes the body gave; when it is too long, those given before it was stopped.</param>
    public BodyLengthException(long announced, long actual)
        : base(actual < announced
            ? $"The request body ended after {actual} bytes, {announced - actual} short of the {announced} announced."
            : $"The request body gave more than the {announced} bytes announced.")
    {
        Announced = announced;
        Actual = actual;
        Phase = HttpPhase.Send;
        ServerMayHaveActed = true;
    }

    /// <summary>The length that had been announced, in bytes.</summary>
    public long Announced { get; }

    /// <summary>The bytes the body gave.</summary>
    public long Actual { get; }
}

/// <summary>
/// The request had to be sent again, but its body can be read only once; urllib3's <c>UnrewindableBodyError</c>.
/// The inner exception is the failure that made the second attempt necessary, or null after a redirect.
/// </summary>
public sealed class UnrewindableBodyException : InvalidRequestException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">Why the body cannot be read again.</param>
    /// <param name="innerException">The failure that made the second attempt necessary.</param>
    public UnrewindableBodyException(string message, Exception? innerException = null)
        : base(message, innerException) => Phase = HttpPhase.Follow;
}
