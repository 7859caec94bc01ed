using Flurl.Http;

namespace Urllib4.SdkTests;

public sealed class FlurlTests : SdkTests
{
    [Fact]
    public async Task Requests_are_sent_and_failures_thrown_as_over_the_platform()
    {
        await using ApiServer server = await ApiServer.StartEcho();
        await using ApiServer broken = await ApiServer.Start(static context =>
        {
            context.Response.StatusCode = 418;
            return Task.CompletedTask;
        });

        string outcome = await Same(async handler =>
        {
            using var client = new FlurlClient(new HttpClient(handler, disposeHandler: false));
            var refusal = await Assert.ThrowsAsync<FlurlHttpException>(() => client.Request($"{broken.Url}/tea").GetStringAsync());
            return Facts(
                await client.Request($"{server.Url}/json").WithHeader("X-Trace", "7").PostJsonAsync(new { a = 1 })
                    .ReceiveJson<EchoedRequest>(),
                await client.Request($"{server.Url}/text").PutStringAsync("a text").ReceiveJson<EchoedRequest>(),
                await client.Request($"{server.Url}/parts")
                    .PostMultipartAsync(static parts => parts.AddString("a", "1").AddJson("b", new { c = 2 }))
                    .ReceiveJson<EchoedRequest>(),
                refusal.Call.HttpStatus);
        });

        Assert.Contains("POST /json\napplication/json; charset=utf-8\n{\"a\":1}", outcome, StringComparison.Ordinal);
        Assert.EndsWith("418", outcome, StringComparison.Ordinal);
    }
}
