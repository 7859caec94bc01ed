namespace Urllib4.TestKit;

/// <summary>
/// The client did not say what the dialogue has it say. Not an <see cref="IOException"/>, so that no client takes it for one and tries
/// again.
/// </summary>
public sealed class DialogueException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was expected and what came.</param>
    /// <param name="innerException">What a check of the test threw, if it was that.</param>
    public DialogueException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
