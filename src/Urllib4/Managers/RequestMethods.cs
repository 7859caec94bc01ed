using System.Runtime.CompilerServices;

namespace Urllib4;

/// <summary>
/// What every <see cref="IRequestMethods"/> can do by its own methods: take a <see cref="Uri"/> or a <see cref="Url"/>, take a token
/// without options, and name the method by a word.
/// </summary>
/// <remarks>As safe to use from several threads as what they are called on.</remarks>
public static partial class RequestMethods
{
    /// <summary>Sends a request and waits for the response by holding the calling thread.</summary>
    /// <param name="client">Who sends it.</param>
    /// <param name="method">Any method; a token, sent as written.</param>
    /// <param name="url">What to ask for: a text, a <see cref="Uri"/> or a <see cref="Url"/>.</param>
    /// <param name="options">What differs from the defaults for this request.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The response; its body is already read unless <see cref="RequestOptions.PreloadContent"/> is false.</returns>
    /// <inheritdoc cref="IRequestMethods.Request" path="/exception"/>
    public static UrllibResponse Request(
        this IRequestMethods client, string method, RequestUrl url, RequestOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Request(method, url.Text, url.With(options), cancellationToken);
    }

    /// <summary>Sends a request without holding a thread.</summary>
    /// <param name="client">Who sends it.</param>
    /// <param name="method">Any method; a token, sent as written.</param>
    /// <param name="url">What to ask for: a text, a <see cref="Uri"/> or a <see cref="Url"/>.</param>
    /// <param name="options">What differs from the defaults for this request.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The response; its body is already read unless <see cref="RequestOptions.PreloadContent"/> is false.</returns>
    /// <inheritdoc cref="IRequestMethods.Request" path="/exception"/>
    public static Task<UrllibResponse> RequestAsync(
        this IRequestMethods client, string method, RequestUrl url, RequestOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.RequestAsync(method, url.Text, url.With(options), cancellationToken);
    }

    /// <summary>Sends a request with the defaults without holding a thread.</summary>
    /// <param name="client">Who sends it.</param>
    /// <param name="method">Any method; a token, sent as written.</param>
    /// <param name="url">What to ask for: a text, a <see cref="Uri"/> or a <see cref="Url"/>.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The response; its body is already read unless <see cref="RequestOptions.PreloadContent"/> is false.</returns>
    /// <inheritdoc cref="IRequestMethods.Request" path="/exception"/>
    [OverloadResolutionPriority(-1)] // new() and default mean options
    public static Task<UrllibResponse> RequestAsync(
        this IRequestMethods client, string method, RequestUrl url, CancellationToken cancellationToken) =>
        client.RequestAsync(method, url, null, cancellationToken);

    /// <summary>Sends a request, and reads the whole response into memory of the caller's.</summary>
    /// <param name="client">Who sends it.</param>
    /// <param name="method">Any method; a token, sent as written.</param>
    /// <param name="url">What to ask for: a text, a <see cref="Uri"/> or a <see cref="Url"/>.</param>
    /// <param name="buffer">Takes the response; what it held is gone, even when the call fails.</param>
    /// <param name="options">What differs from the defaults for this request.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <inheritdoc cref="IRequestMethods.RequestInto" path="/exception"/>
    public static void RequestInto(
        this IRequestMethods client, string method, RequestUrl url, ResponseBuffer buffer, RequestOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        client.RequestInto(method, url.Text, buffer, url.With(options), cancellationToken);
    }

    /// <summary>Sends a request, and reads the whole response into memory of the caller's, without holding a thread.</summary>
    /// <param name="client">Who sends it.</param>
    /// <param name="method">Any method; a token, sent as written.</param>
    /// <param name="url">What to ask for: a text, a <see cref="Uri"/> or a <see cref="Url"/>.</param>
    /// <param name="buffer">Takes the response; what it held is gone, even when the call fails.</param>
    /// <param name="options">What differs from the defaults for this request.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>A task that ends when the buffer is filled.</returns>
    /// <inheritdoc cref="IRequestMethods.RequestInto" path="/exception"/>
    public static ValueTask RequestIntoAsync(
        this IRequestMethods client, string method, RequestUrl url, ResponseBuffer buffer, RequestOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.RequestIntoAsync(method, url.Text, buffer, url.With(options), cancellationToken);
    }
}
