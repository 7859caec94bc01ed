namespace Urllib4;

/// <summary>The content encoding of the body could not be undone: corrupt, cut short, too deep or too large; urllib3's <c>DecodeError</c>.</summary>
public class DecodeException : HttpException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The coding, and what was wrong with its data.</param>
    /// <param name="innerException">What the platform's decoder said, if anything.</param>
    public DecodeException(string message, Exception? innerException = null)
        : base(message, HttpPhase.Decode, Initiator.Server, innerException) => ServerMayHaveActed = true;
}
