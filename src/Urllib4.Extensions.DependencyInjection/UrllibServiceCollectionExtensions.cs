using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Urllib4;
using Urllib4.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a <see cref="PoolManager"/> for the program.</summary>
/// <remarks>
/// <para>Options begin as <see cref="PoolOptions.Default"/> with <see cref="PoolOptions.TrustEnvironment"/>, since a program in a host is
/// told its proxies by the environment, as <see cref="HttpClient"/> is. Then come the settings of the configuration, then the functions in
/// the order of registration. Settings are read once; a change of the configuration is seen by the next start.</para>
/// <para>There is one manager for each value of <see cref="PoolOptions"/>: who asks for equal options gets the same pools. It lives as long
/// as the service provider and is disposed with it.</para>
/// </remarks>
public static class UrllibServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="PoolManager"/> and <see cref="IRequestMethods"/> as singletons. The section <c>Urllib4</c> of the host's
    /// configuration is read if there is one, and the start of the host fails when it is wrong: an unknown key, a value that cannot be
    /// read, or one against a rule, each told by its full key and the rule, never by its value.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">What differs from the defaults and the configuration; null for nothing.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddUrllib4(
        this IServiceCollection services, Func<PoolOptions, PoolOptions>? configure = null) =>
        services.AddDefault(null, configure);

    /// <summary>
    /// Registers <see cref="PoolManager"/> and <see cref="IRequestMethods"/> as singletons, with settings from a section of your choice.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="section">Read instead of the section <c>Urllib4</c>.</param>
    /// <param name="configure">What differs from the defaults and the configuration; null for nothing.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="section"/> is null.</exception>
    public static IServiceCollection AddUrllib4(
        this IServiceCollection services, IConfiguration section, Func<PoolOptions, PoolOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddDefault(section, configure);
    }

    /// <summary>
    /// Registers <see cref="PoolManager"/> and <see cref="IRequestMethods"/> as keyed singletons. They read no configuration.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="name">The key.</param>
    /// <param name="configure">What differs from the defaults; null for nothing.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="name"/> is null.</exception>
    public static IServiceCollection AddUrllib4(
        this IServiceCollection services, string name, Func<PoolOptions, PoolOptions>? configure = null) =>
        services.AddKeyed(name, null, configure);

    /// <summary>
    /// Registers <see cref="PoolManager"/> and <see cref="IRequestMethods"/> as keyed singletons, with settings from a section.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="name">The key.</param>
    /// <param name="section">Has the settings of that name.</param>
    /// <param name="configure">What differs from the defaults and the configuration; null for nothing.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentNullException">An argument but <paramref name="configure"/> is null.</exception>
    public static IServiceCollection AddUrllib4(
        this IServiceCollection services, string name, IConfiguration section, Func<PoolOptions, PoolOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddKeyed(name, section, configure);
    }

    /// <summary>What every registration needs, once.</summary>
    internal static void AddUrllibParts(this IServiceCollection services, string name)
    {
        services.TryAddSingleton<SharedPools>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HostOptions>, SettingsBinding>());
        services.TryAddSingleton<SettingsSources>();
        services.AddOptions<HostOptions>(name).ValidateOnStart();
    }

    private static IServiceCollection AddDefault(
        this IServiceCollection services, IConfiguration? section, Func<PoolOptions, PoolOptions>? configure)
    {
        services.Add(Options.Options.DefaultName, section, configure);
        services.TryAddSingleton(static provider => provider.GetRequiredService<SharedPools>().Of(Options.Options.DefaultName));
        services.TryAddSingleton<IRequestMethods>(static provider => provider.GetRequiredService<PoolManager>());
        return services;
    }

    private static IServiceCollection AddKeyed(
        this IServiceCollection services, string name, IConfiguration? section, Func<PoolOptions, PoolOptions>? configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        services.Add(name, section, configure);
        services.TryAddKeyedSingleton(name, static (provider, key) => provider.GetRequiredService<SharedPools>().Of((string)key!));
        services.TryAddKeyedSingleton<IRequestMethods>(name, static (provider, key) => provider.GetRequiredKeyedService<PoolManager>(key));
        return services;
    }

    private static void Add(
        this IServiceCollection services, string name, IConfiguration? section, Func<PoolOptions, PoolOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddUrllibParts(name);
        if (section is not null)
            services.AddSingleton(new SettingsSource(name, section));
        if (configure is not null)
            services.AddSingleton(new OptionsStep(name, configure));
    }
}
