namespace Urllib4;

/// <summary>
/// What managers and one-host pools share, so that either can be handed to code that sends requests; urllib3's <c>RequestMethods</c>.
/// </summary>
/// <remarks>Every implementation is safe to use from any number of threads at once.</remarks>
public interface IRequestMethods
{
    /// <summary>Sends a request and waits for the response by holding the calling thread.</summary>
    /// <param name="method">Any method; a token, sent as written.</param>
    /// <param name="url">An absolute http or https URL; for a one-host pool also a path.</param>
    /// <param name="options">What differs from the defaults for this request.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The response; its body is already read unless <see cref="RequestOptions.PreloadContent"/> is false.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> or <paramref name="url"/> is null.</exception>
    /// <exception cref="HttpException">The call failed; see the types below <see cref="HttpException"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    UrllibResponse Request(string method, string url, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a request; the same as <see cref="Request"/> without holding a thread.</summary>
    /// <inheritdoc cref="Request"/>
    Task<UrllibResponse> RequestAsync(
        string method, string url, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends a request, and reads the whole response into memory of the caller's; <see cref="RequestOptions.PreloadContent"/> means nothing
    /// here.
    /// </summary>
    /// <param name="method">Any method; a token, sent as written.</param>
    /// <param name="url">An absolute http or https URL; for a one-host pool also a path.</param>
    /// <param name="buffer">Takes the response; what it held is gone, even when the call fails.</param>
    /// <param name="options">What differs from the defaults for this request.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">Another call is filling <paramref name="buffer"/>.</exception>
    /// <exception cref="HttpException">The call failed; see the types below <see cref="HttpException"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    void RequestInto(
        string method, string url, ResponseBuffer buffer, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a request; the same as <see cref="RequestInto"/> without holding a thread.</summary>
    /// <returns>A task that ends when the buffer is filled.</returns>
    /// <inheritdoc cref="RequestInto"/>
    ValueTask RequestIntoAsync(
        string method, string url, ResponseBuffer buffer, RequestOptions? options = null, CancellationToken cancellationToken = default);
}
