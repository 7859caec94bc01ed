using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Urllib4.Extensions.Tests;

/// <summary>What tests share that make a provider of services.</summary>
public abstract class ServiceTests : ModeTests
{
    /// <summary>A provider with a configuration, if there are any keys.</summary>
    private protected static ServiceProvider Provider(
        Action<IServiceCollection> register,
        IReadOnlyDictionary<string, string?>? keys = null,
        LogLines? log = null,
        LogLevel level = LogLevel.Trace)
    {
        var services = new ServiceCollection();
        if (keys is not null)
            services.AddSingleton(Configuration(keys));
        if (log is not null)
            services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(level));
        register(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>A configuration in memory.</summary>
    protected static IConfiguration Configuration(IEnumerable<KeyValuePair<string, string?>> keys) =>
        new ConfigurationBuilder().AddInMemoryCollection(keys).Build();

    /// <summary>The body of a good answer, asked for in a mode.</summary>
    protected static async Task<string> Get(Mode mode, IRequestMethods client, string url) =>
        (await Call(mode, () => client.Request("GET", url), () => client.RequestAsync("GET", url))).Text();

    /// <inheritdoc cref="Get(Mode, IRequestMethods, string)"/>
    protected static async Task<int> Status(Mode mode, HttpClient client, string url)
    {
        using HttpResponseMessage response = await Call(
            mode,
            () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                return client.Send(request);
            },
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                return await client.SendAsync(request);
            });
        return (int)response.StatusCode;
    }

    /// <summary>The client of a name.</summary>
    private protected static HttpClient Client(IServiceProvider services, string name) =>
        services.GetRequiredService<IHttpClientFactory>().CreateClient(name);
}
