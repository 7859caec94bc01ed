using Microsoft.Extensions.Configuration;

namespace Urllib4.Extensions.Tests;

public sealed class AddUrllib4Tests : ServiceTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task One_manager_serves_all_who_ask_for_it(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        await using ServiceProvider services = Provider(static s => s.AddUrllib4(static o => o with { MaxSize = 3 }));

        PoolManager manager = services.GetRequiredService<PoolManager>();
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        IRequestMethods methods = scope.ServiceProvider.GetRequiredService<IRequestMethods>();

        Assert.Same(manager, methods);
        Assert.Equal(3, manager.Options.MaxSize);
        Assert.Equal("User-agent: *\nDisallow: /deny\n", await Get(mode, methods, $"{server.Url}/robots.txt"));
    }

    [Fact]
    public async Task Named_ones_are_keyed_and_apart_from_the_one_without_a_name()
    {
        await using ServiceProvider services = Provider(static s => s
            .AddUrllib4(static o => o with { MaxSize = 1 })
            .AddUrllib4("search", static o => o with { MaxSize = 2 })
            .AddUrllib4("images", static o => o with { MaxSize = 3 }));

        Assert.Equal(1, services.GetRequiredService<PoolManager>().Options.MaxSize);
        Assert.Equal(2, services.GetRequiredKeyedService<PoolManager>("search").Options.MaxSize);
        Assert.Equal(3, services.GetRequiredKeyedService<PoolManager>("images").Options.MaxSize);
        Assert.Same(services.GetRequiredKeyedService<PoolManager>("search"), services.GetRequiredKeyedService<IRequestMethods>("search"));
    }

    [Fact]
    public async Task Equal_options_have_the_same_manager_and_others_have_not()
    {
        await using ServiceProvider services = Provider(static s => s
            .AddUrllib4("one", static o => o with { Headers = new() { ["X-A"] = "1" }, Retries = 3 })
            .AddUrllib4("same", static o => o with { Headers = new() { ["X-A"] = "1" }, Retries = 3 })
            .AddUrllib4("other", static o => o with { Headers = new() { ["X-A"] = "2" }, Retries = 3 }));

        PoolManager one = services.GetRequiredKeyedService<PoolManager>("one");

        Assert.Same(one, services.GetRequiredKeyedService<PoolManager>("same"));
        Assert.NotSame(one, services.GetRequiredKeyedService<PoolManager>("other"));
    }

    [Fact]
    public async Task Functions_come_after_the_configuration_in_the_order_of_registration()
    {
        await using ServiceProvider services = Provider(
            static s => s
                .AddUrllib4(static o => o with { MaxSize = o.MaxSize * 10 })
                .AddUrllib4(static o => o with { MaxSize = o.MaxSize + 1 }),
            new Dictionary<string, string?> { ["Urllib4:MaxSize"] = "4" });

        Assert.Equal(41, services.GetRequiredService<PoolManager>().Options.MaxSize);
    }

    [Fact]
    public async Task A_given_section_takes_the_place_of_the_default_one()
    {
        var keys = new Dictionary<string, string?>
        {
            ["Urllib4:MaxSize"] = "4", ["Urllib4:NumPools"] = "4", ["Web:Out:MaxSize"] = "5", ["Search:MaxSize"] = "6",
        };
        IConfiguration configuration = Configuration(keys);
        await using ServiceProvider services = Provider(
            s => s
                .AddUrllib4(configuration.GetSection("Web:Out"))
                .AddUrllib4("search", configuration.GetSection("Search"))
                .AddUrllib4("plain"),
            keys);

        PoolOptions options = services.GetRequiredService<PoolManager>().Options;
        Assert.Equal(5, options.MaxSize);
        Assert.Equal(PoolOptions.Default.NumPools, options.NumPools);
        Assert.Equal(6, services.GetRequiredKeyedService<PoolManager>("search").Options.MaxSize);
        Assert.Equal(PoolOptions.Default.MaxSize, services.GetRequiredKeyedService<PoolManager>("plain").Options.MaxSize);
    }

    [Fact]
    public async Task Nothing_said_means_the_defaults_and_the_proxies_of_the_environment()
    {
        await using ServiceProvider services = Provider(static s => s.AddUrllib4());

        Assert.Equal(PoolOptions.Default with { TrustEnvironment = true }, services.GetRequiredService<PoolManager>().Options);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task All_managers_end_with_the_provider(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        ServiceProvider services = Provider(static s => s.AddUrllib4().AddUrllib4("other", static o => o with { MaxSize = 1 }));
        PoolManager manager = services.GetRequiredService<PoolManager>();
        PoolManager other = services.GetRequiredKeyedService<PoolManager>("other");
        await Get(mode, manager, $"{server.Url}/get");
        await Get(mode, other, $"{server.Url}/get");

        await Call(mode, services.Dispose, () => services.DisposeAsync().AsTask());

        server.WaitForOpenConnections(0);
        await Assert.ThrowsAsync<ClosedPoolException>(() => Get(mode, manager, $"{server.Url}/get"));
        await Assert.ThrowsAsync<ClosedPoolException>(() => Get(mode, other, $"{server.Url}/get"));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Throws<ArgumentNullException>("services", () => UrllibServiceCollectionExtensions.AddUrllib4(null!));
        Assert.Throws<ArgumentNullException>("section", () => new ServiceCollection().AddUrllib4((IConfiguration)null!));
        Assert.Throws<ArgumentException>("name", () => new ServiceCollection().AddUrllib4(""));
        Assert.Throws<ArgumentNullException>("section", () => new ServiceCollection().AddUrllib4("x", (IConfiguration)null!));
    }
}
