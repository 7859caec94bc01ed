using Microsoft.Extensions.Options;
using Urllib4;
using Urllib4.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the clients of <see cref="IHttpClientFactory"/> on this library.</summary>
public static class UrllibHttpClientBuilderExtensions
{
    /// <summary>
    /// Makes a <see cref="UrllibHandler"/> the primary handler of the client. Its pools are those of every client and of every
    /// <see cref="PoolManager"/> registered in this provider whose options are equal.
    /// </summary>
    /// <remarks>
    /// <para>The options begin as those of <see cref="UrllibServiceCollectionExtensions.AddUrllib4(IServiceCollection,
    /// Func{PoolOptions, PoolOptions}?)"/>, whose configuration is read even when it was not called. A response head may take as long as
    /// <see cref="HttpClient.Timeout"/> lets it, unless <see cref="HttpTimeout.Head"/> says otherwise. Requests are retried when
    /// <see cref="PoolOptions.Retries"/> differ from the default.</para>
    /// <para>The handler is never rotated: changed addresses are noticed by <see cref="PoolOptions.MaxLifetime"/>, connection by
    /// connection. So a <see cref="UrllibHandler.CookieContainer"/> lives as long as the program; a client that serves several users
    /// turns <see cref="UrllibHandler.UseCookies"/> off.</para>
    /// </remarks>
    /// <param name="builder">The client.</param>
    /// <param name="configure">What differs for this client; null for nothing.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHttpClientBuilder UseUrllib4(this IHttpClientBuilder builder, Func<PoolOptions, PoolOptions>? configure = null) =>
        builder.UseUrllib4((_, options) => configure?.Invoke(options) ?? options);

    /// <inheritdoc cref="UseUrllib4(IHttpClientBuilder, Func{PoolOptions, PoolOptions}?)"/>
    /// <param name="builder">The client.</param>
    /// <param name="configure">What differs for this client; it may ask the services.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="configure"/> is null.</exception>
    public static IHttpClientBuilder UseUrllib4(
        this IHttpClientBuilder builder, Func<IServiceProvider, PoolOptions, PoolOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddUrllibParts(Options.Options.DefaultName);
        return builder
            .ConfigurePrimaryHttpMessageHandler(services =>
            {
                SharedPools pools = services.GetRequiredService<SharedPools>();
                return HandlerOver(pools.With(configure(services, pools.OptionsOf(Options.Options.DefaultName))));
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
    }

    private static UrllibHandler HandlerOver(PoolManager manager)
    {
        PoolOptions options = manager.Options;
        return new UrllibHandler(manager, disposeManager: false)
        {
            DefaultRequestOptions = RequestOptions.Default with
            {
                Timeout = options.Timeout.Head is null ? options.Timeout with { Head = Timeout.InfiniteTimeSpan } : null,
                Retries = options.Retries == Retry.Default ? null : options.Retries,
            },
        };
    }
}
