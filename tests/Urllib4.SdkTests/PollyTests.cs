using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.Retry;

namespace Urllib4.SdkTests;

/// <summary>A named client with a pipeline of Polly around the handler.</summary>
public sealed class PollyTests : SdkTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task What_fails_twice_is_sent_a_third_time_with_its_content(Mode mode)
    {
        int turn = 0;
        await using ApiServer server = await ApiServer.Start(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            string body = await reader.ReadToEndAsync();
            context.Response.StatusCode = ++turn % 3 == 0 ? 200 : 503;
            await ApiServer.SendPart(context.Response, $"{turn % 3}: {body}");
        });

        string theirs = await Play(
            mode, server, static client => client.ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler()));
        string ours = await Play(mode, server, static client => client.UseUrllib4());

        Assert.Equal("200 0: a body", theirs);
        Assert.Equal(theirs, ours);
        Assert.Equal(6, turn);
    }

    private static async Task<string> Play(Mode mode, ApiServer server, Func<IHttpClientBuilder, IHttpClientBuilder> choose)
    {
        var services = new ServiceCollection();
        choose(services.AddHttpClient("api").AddHttpMessageHandler(static () => new ResilienceHandler()));
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url) { Content = new StringContent("a body") };
        using HttpResponseMessage response = await Call(mode, () => client.Send(request), () => client.SendAsync(request));
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    private sealed class ResilienceHandler : DelegatingHandler
    {
        private readonly ResiliencePipeline<HttpResponseMessage> _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.Zero,
                ShouldHandle = static outcome => ValueTask.FromResult(outcome.Outcome.Result is { IsSuccessStatusCode: false }),
            })
            .Build();

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _pipeline.Execute(token => base.Send(request, token), cancellationToken);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            await _pipeline.ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
    }
}
