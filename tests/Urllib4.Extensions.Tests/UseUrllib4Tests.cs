using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Urllib4.Extensions.Tests;

public sealed class UseUrllib4Tests : ServiceTests
{
    private const string Unavailable = "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory, ClassData(typeof(BothModes))]
    public async Task Clients_with_equal_options_share_their_connections_with_each_other_and_with_the_manager(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        await using ServiceProvider services = Provider(static s =>
        {
            s.AddUrllib4(static o => o with { MaxSize = 4 });
            s.AddHttpClient("a").UseUrllib4();
            s.AddHttpClient("b").UseUrllib4(static o => o with { MaxSize = 4 });
        });

        Assert.Equal(200, await Status(mode, Client(services, "a"), $"{server.Url}/get"));
        Assert.Equal(200, await Status(mode, Client(services, "b"), $"{server.Url}/get"));
        await Get(mode, services.GetRequiredService<PoolManager>(), $"{server.Url}/get");

        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Clients_with_other_options_have_other_connections_and_nothing_of_each_other(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        await using ServiceProvider services = Provider(static s =>
        {
            s.AddHttpClient("a").UseUrllib4(static o => o with { Headers = new() { ["X-Only-A"] = "1" } });
            s.AddHttpClient("b").UseUrllib4();
        });

        await Status(mode, Client(services, "a"), $"{server.Url}/get");
        await Status(mode, Client(services, "b"), $"{server.Url}/get");

        Assert.Equal(2, server.Connections);
        Assert.Equal([true, false], server.Requests.Select(static r => r.Headers.ContainsKey("X-Only-A")));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_client_or_its_handler_that_is_disposed_leaves_the_pools_alone(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        await using ServiceProvider services = Provider(static s => s.AddUrllib4().AddHttpClient("a").UseUrllib4());
        HttpClient client = Client(services, "a");
        await Status(mode, client, $"{server.Url}/get");

        client.Dispose();
        Primary(services, "a").Dispose();
        await Get(mode, services.GetRequiredService<PoolManager>(), $"{server.Url}/get");

        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_pools_of_clients_end_with_the_provider(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        ServiceProvider services = Provider(static s => s.AddHttpClient("a").UseUrllib4());
        HttpClient client = Client(services, "a");
        await Status(mode, client, $"{server.Url}/get");

        await Call(mode, services.Dispose, () => services.DisposeAsync().AsTask());

        server.WaitForOpenConnections(0);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Status(mode, client, $"{server.Url}/get"));
    }

    [Fact]
    public async Task The_handler_is_kept_for_ever()
    {
        await using ServiceProvider services = Provider(static s => s.AddHttpClient("a").UseUrllib4());

        var options = services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>();
        Assert.Equal(Timeout.InfiniteTimeSpan, options.Get("a").HandlerLifetime);
        Assert.Same(Primary(services, "a"), Primary(services, "a"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_request_goes_through_the_handlers_around_it(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        await using ServiceProvider services = Provider(
            static s => s.AddHttpClient("a").UseUrllib4().AddHttpMessageHandler(static () => new Marker()));

        await Status(mode, Client(services, "a"), $"{server.Url}/get");

        Assert.Equal("yes", Assert.Single(server.Requests).Headers["X-Marked"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Typed_clients_and_the_defaults_of_all_clients_take_it(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        await using ServiceProvider services = Provider(static s =>
        {
            s.ConfigureHttpClientDefaults(static all => all.UseUrllib4());
            s.AddHttpClient<Typed>();
        });

        Assert.Equal(200, await Status(mode, services.GetRequiredService<Typed>().Client, $"{server.Url}/get"));
        Assert.IsType<UrllibHandler>(Primary(services, nameof(Typed)));
    }

    [Theory]
    [InlineData(Mode.Blocking, false, 503)]
    [InlineData(Mode.Asynchronous, false, 503)]
    [InlineData(Mode.Blocking, true, 200)]
    [InlineData(Mode.Asynchronous, true, 200)]
    public async Task Nothing_is_retried_unless_the_options_say_so(Mode mode, bool retries, int status)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send(Unavailable).ExpectRequest().Send(Ok));
        await using ServiceProvider services = Provider(s => s.AddHttpClient("a").UseUrllib4(
            o => retries ? o with { Retries = new Retry { Total = 1, StatusForcelist = [503] } } : o));

        Assert.Equal(status, await Status(mode, Client(services, "a"), server.Url));
    }

    [Fact]
    public async Task A_response_head_has_the_time_of_the_client_unless_the_options_say_so()
    {
        await using ServiceProvider services = Provider(static s =>
        {
            s.AddHttpClient("a").UseUrllib4(static o => o with { Timeout = new() { Read = TimeSpan.FromSeconds(7) } });
            s.AddHttpClient("b").UseUrllib4(static o => o with { Timeout = new() { Head = TimeSpan.FromSeconds(5) } });
        });

        Assert.Equal(
            new HttpTimeout { Read = TimeSpan.FromSeconds(7), Head = Timeout.InfiniteTimeSpan },
            Primary(services, "a").DefaultRequestOptions.Timeout);
        Assert.Null(Primary(services, "b").DefaultRequestOptions.Timeout);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_options_of_a_client_begin_with_those_of_the_program_and_may_ask_the_services(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        var keys = new Dictionary<string, string?> { ["Urllib4:Headers:X-Program"] = "p" };
        await using ServiceProvider services = Provider(
            static s =>
            {
                s.AddSingleton(new Typed(null!) { Name = "from a service" });
                s.AddHttpClient("a").UseUrllib4(static (provider, o) =>
                {
                    HttpHeaderDict headers = o.Headers!.Clone();
                    headers["X-Client"] = provider.GetRequiredService<Typed>().Name;
                    return o with { Headers = headers };
                });
            },
            keys);

        await Status(mode, Client(services, "a"), $"{server.Url}/get");

        LoggedRequest request = Assert.Single(server.Requests);
        Assert.Equal(("p", "from a service"), (request.Headers["X-Program"], request.Headers["X-Client"]));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_the_handler_itself_is_told_comes_on_top(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        await using ServiceProvider services = Provider(static s => s.AddHttpClient("a").UseUrllib4()
            .ConfigurePrimaryHttpMessageHandler(static (handler, _) => ((UrllibHandler)handler).AllowAutoRedirect = false));

        Assert.Equal(302, await Status(mode, Client(services, "a"), $"{server.Url}/redirect/1"));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Throws<ArgumentNullException>("builder", () => UrllibHttpClientBuilderExtensions.UseUrllib4(null!));
        Assert.Throws<ArgumentNullException>(
            "configure",
            () => new ServiceCollection().AddHttpClient("a").UseUrllib4((Func<IServiceProvider, PoolOptions, PoolOptions>)null!));
    }

    private static UrllibHandler Primary(IServiceProvider services, string name)
    {
        HttpMessageHandler handler = services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name);
        while (handler is DelegatingHandler { InnerHandler: { } inner })
            handler = inner;
        return Assert.IsType<UrllibHandler>(handler);
    }

    private sealed class Marker : DelegatingHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            base.Send(Marked(request), cancellationToken);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            base.SendAsync(Marked(request), cancellationToken);

        private static HttpRequestMessage Marked(HttpRequestMessage request)
        {
            request.Headers.Add("X-Marked", "yes");
            return request;
        }
    }

    private sealed class Typed(HttpClient client)
    {
        public HttpClient Client => client;

        public string Name { get; init; } = "";
    }
}
