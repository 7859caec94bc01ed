namespace Urllib4;

/// <summary>Requests without any set-up, over one manager for the whole process; urllib3's <c>request</c> function.</summary>
/// <remarks>Safe to use from any number of threads at once. For options of your own, make a <see cref="PoolManager"/>.</remarks>
public static class Urllib
{
    private static readonly PoolManager _manager = new();

    /// <inheritdoc cref="IRequestMethods.Request"/>
    public static UrllibResponse Request(string method, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Request(method, url, options, cancellationToken);

    /// <inheritdoc cref="IRequestMethods.RequestAsync"/>
    public static Task<UrllibResponse> RequestAsync(
        string method, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.RequestAsync(method, url, options, cancellationToken);
}
