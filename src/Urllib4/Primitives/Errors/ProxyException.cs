namespace Urllib4;

/// <summary>The proxy could not be reached, refused, or broke its protocol; urllib3's <c>ProxyError</c>.</summary>
/// <remarks>Nothing of the request itself had been sent to the origin.</remarks>
public class ProxyException : HttpException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">Which proxy (without credentials), and what it answered.</param>
    /// <param name="innerException">The failure on the way to the proxy, if there was one.</param>
    public ProxyException(string message, Exception? innerException = null)
        : base(message, HttpPhase.Proxy, Initiator.Proxy, innerException)
    {
    }
}
