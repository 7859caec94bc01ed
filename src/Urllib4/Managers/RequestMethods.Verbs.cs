using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Urllib4;

/// <content>The methods by their names, for who does not like to spell them.</content>
public static partial class RequestMethods
{
    /// <summary>Gets what the URL names, holding the calling thread: a <c>GET</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Get(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("GET", url, options, cancellationToken);

    /// <summary>Gets what the URL names, holding the calling thread: a <c>GET</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Get(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("GET", url, options, cancellationToken);

    /// <summary>Gets what the URL names, without holding a thread: a <c>GET</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> GetAsync(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("GET", url, options, cancellationToken);

    /// <summary>Gets what the URL names, without holding a thread: a <c>GET</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> GetAsync(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("GET", url, options, cancellationToken);

    /// <summary>Gets what the URL names, with the defaults and without holding a thread: a <c>GET</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> GetAsync(
        this IRequestMethods client, RequestUrl url, CancellationToken cancellationToken) =>
        Checked(client).RequestAsync("GET", url, null, cancellationToken);

    /// <summary>Asks for the head alone of what the URL names, holding the calling thread: a <c>HEAD</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Head(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("HEAD", url, options, cancellationToken);

    /// <summary>Asks for the head alone of what the URL names, holding the calling thread: a <c>HEAD</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Head(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("HEAD", url, options, cancellationToken);

    /// <summary>Asks for the head alone of what the URL names, without holding a thread: a <c>HEAD</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> HeadAsync(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("HEAD", url, options, cancellationToken);

    /// <summary>Asks for the head alone of what the URL names, without holding a thread: a <c>HEAD</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> HeadAsync(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("HEAD", url, options, cancellationToken);

    /// <summary>Asks for the head alone of what the URL names, with the defaults and without holding a thread: a <c>HEAD</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> HeadAsync(
        this IRequestMethods client, RequestUrl url, CancellationToken cancellationToken) =>
        Checked(client).RequestAsync("HEAD", url, null, cancellationToken);

    /// <summary>Hands the resource what the request carries, holding the calling thread: a <c>POST</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Post(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("POST", url, options, cancellationToken);

    /// <summary>Hands the resource what the request carries, holding the calling thread: a <c>POST</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Post(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("POST", url, options, cancellationToken);

    /// <summary>Hands the resource what the request carries, without holding a thread: a <c>POST</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PostAsync(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("POST", url, options, cancellationToken);

    /// <summary>Hands the resource what the request carries, without holding a thread: a <c>POST</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PostAsync(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("POST", url, options, cancellationToken);

    /// <summary>Hands the resource what the request carries, with the defaults and without holding a thread: a <c>POST</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> PostAsync(
        this IRequestMethods client, RequestUrl url, CancellationToken cancellationToken) =>
        Checked(client).RequestAsync("POST", url, null, cancellationToken);

    /// <summary>Replaces the resource by what the request carries, holding the calling thread: a <c>PUT</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Put(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("PUT", url, options, cancellationToken);

    /// <summary>Replaces the resource by what the request carries, holding the calling thread: a <c>PUT</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Put(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("PUT", url, options, cancellationToken);

    /// <summary>Replaces the resource by what the request carries, without holding a thread: a <c>PUT</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PutAsync(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("PUT", url, options, cancellationToken);

    /// <summary>Replaces the resource by what the request carries, without holding a thread: a <c>PUT</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PutAsync(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("PUT", url, options, cancellationToken);

    /// <summary>Replaces the resource by what the request carries, with the defaults and without holding a thread: a <c>PUT</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> PutAsync(
        this IRequestMethods client, RequestUrl url, CancellationToken cancellationToken) =>
        Checked(client).RequestAsync("PUT", url, null, cancellationToken);

    /// <summary>Changes the resource as the request says, holding the calling thread: a <c>PATCH</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Patch(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("PATCH", url, options, cancellationToken);

    /// <summary>Changes the resource as the request says, holding the calling thread: a <c>PATCH</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Patch(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("PATCH", url, options, cancellationToken);

    /// <summary>Changes the resource as the request says, without holding a thread: a <c>PATCH</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PatchAsync(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("PATCH", url, options, cancellationToken);

    /// <summary>Changes the resource as the request says, without holding a thread: a <c>PATCH</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PatchAsync(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("PATCH", url, options, cancellationToken);

    /// <summary>Changes the resource as the request says, with the defaults and without holding a thread: a <c>PATCH</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> PatchAsync(
        this IRequestMethods client, RequestUrl url, CancellationToken cancellationToken) =>
        Checked(client).RequestAsync("PATCH", url, null, cancellationToken);

    /// <summary>Removes the resource, holding the calling thread: a <c>DELETE</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Delete(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("DELETE", url, options, cancellationToken);

    /// <summary>Removes the resource, holding the calling thread: a <c>DELETE</c>.</summary>
    /// <inheritdoc cref="Request(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Delete(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).Request("DELETE", url, options, cancellationToken);

    /// <summary>Removes the resource, without holding a thread: a <c>DELETE</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> DeleteAsync(
        this IRequestMethods client, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("DELETE", url, options, cancellationToken);

    /// <summary>Removes the resource, without holding a thread: a <c>DELETE</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> DeleteAsync(
        this IRequestMethods client, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).RequestAsync("DELETE", url, options, cancellationToken);

    /// <summary>Removes the resource, with the defaults and without holding a thread: a <c>DELETE</c>.</summary>
    /// <inheritdoc cref="RequestAsync(IRequestMethods, string, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> DeleteAsync(
        this IRequestMethods client, RequestUrl url, CancellationToken cancellationToken) =>
        Checked(client).RequestAsync("DELETE", url, null, cancellationToken);

    private static IRequestMethods Checked([NotNull] IRequestMethods? client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client;
    }
}
