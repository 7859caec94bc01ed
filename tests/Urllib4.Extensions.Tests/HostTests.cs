using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Urllib4.Extensions.Tests;

public sealed class HostTests : ServiceTests
{
    [Theory]
    [InlineData("Urllib4:MaxSize", "0", "Urllib4:MaxSize: MaxSize is at least 1.")]
    [InlineData(
        "Urllib4:Timeout:Connect", "10", "Urllib4:Timeout:Connect: a time of hours, minutes and seconds is needed, such as 00:00:10.")]
    public async Task A_host_with_a_wrong_configuration_does_not_start(string key, string value, string message)
    {
        using IHost host = Host(static services => services.AddUrllib4(), new() { [key] = value });

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task A_client_alone_is_enough_for_the_configuration_to_be_looked_at()
    {
        using IHost host = Host(static services => services.AddHttpClient("a").UseUrllib4(), new() { ["Urllib4:Blok"] = "true" });

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("Urllib4:Blok: there is no such key", failure.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_host_starts_sends_and_closes_what_it_opened(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        using (IHost host = Host(static services => services.AddUrllib4(), new() { ["Urllib4:Headers:X-Host"] = "yes" }))
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            await Get(mode, host.Services.GetRequiredService<IRequestMethods>(), $"{server.Url}/get");
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        server.WaitForOpenConnections(0);
        Assert.Equal("yes", Assert.Single(server.Requests).Headers["X-Host"]);
    }

    private static IHost Host(Action<IServiceCollection> register, Dictionary<string, string?> keys)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(keys);
        register(builder.Services);
        return builder.Build();
    }
}
