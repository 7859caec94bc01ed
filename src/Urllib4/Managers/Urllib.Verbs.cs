using System.Runtime.CompilerServices;

namespace Urllib4;

/// <content>The methods by their names, as every <see cref="IRequestMethods"/> has them.</content>
public static partial class Urllib
{
    /// <inheritdoc cref="RequestMethods.Get(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Get(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Get(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.Get(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Get(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Get(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.GetAsync(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> GetAsync(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.GetAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.GetAsync(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> GetAsync(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.GetAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.GetAsync(IRequestMethods, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> GetAsync(RequestUrl url, CancellationToken cancellationToken) =>
        _manager.GetAsync(url, null, cancellationToken);

    /// <inheritdoc cref="RequestMethods.Head(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Head(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Head(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.Head(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Head(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Head(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.HeadAsync(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> HeadAsync(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.HeadAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.HeadAsync(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> HeadAsync(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.HeadAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.HeadAsync(IRequestMethods, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> HeadAsync(RequestUrl url, CancellationToken cancellationToken) =>
        _manager.HeadAsync(url, null, cancellationToken);

    /// <inheritdoc cref="RequestMethods.Post(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Post(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Post(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.Post(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Post(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Post(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.PostAsync(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PostAsync(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.PostAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.PostAsync(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PostAsync(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.PostAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.PostAsync(IRequestMethods, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> PostAsync(RequestUrl url, CancellationToken cancellationToken) =>
        _manager.PostAsync(url, null, cancellationToken);

    /// <inheritdoc cref="RequestMethods.Put(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Put(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Put(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.Put(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Put(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Put(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.PutAsync(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PutAsync(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.PutAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.PutAsync(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PutAsync(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.PutAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.PutAsync(IRequestMethods, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> PutAsync(RequestUrl url, CancellationToken cancellationToken) =>
        _manager.PutAsync(url, null, cancellationToken);

    /// <inheritdoc cref="RequestMethods.Patch(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Patch(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Patch(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.Patch(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Patch(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Patch(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.PatchAsync(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PatchAsync(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.PatchAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.PatchAsync(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> PatchAsync(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.PatchAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.PatchAsync(IRequestMethods, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> PatchAsync(RequestUrl url, CancellationToken cancellationToken) =>
        _manager.PatchAsync(url, null, cancellationToken);

    /// <inheritdoc cref="RequestMethods.Delete(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Delete(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Delete(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.Delete(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static UrllibResponse Delete(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Delete(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.DeleteAsync(IRequestMethods, string, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> DeleteAsync(
        string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.DeleteAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.DeleteAsync(IRequestMethods, RequestUrl, RequestOptions?, CancellationToken)"/>
    public static Task<UrllibResponse> DeleteAsync(
        RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.DeleteAsync(url, options, cancellationToken);

    /// <inheritdoc cref="RequestMethods.DeleteAsync(IRequestMethods, RequestUrl, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> DeleteAsync(RequestUrl url, CancellationToken cancellationToken) =>
        _manager.DeleteAsync(url, null, cancellationToken);
}
