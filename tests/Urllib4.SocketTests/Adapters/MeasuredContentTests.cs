using System.Net.Http.Json;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>JSON contents do not know their length; small ones are sent with it all the same (report 23).</summary>
public sealed class MeasuredContentTests : ClientTests
{
    private static readonly string _small = new('x', 1000);
    private static readonly string _large = new('x', 100_000);

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_small_content_is_sent_with_its_length(Mode mode)
    {
        ReceivedRequest request = await Send(mode, JsonContent.Create(_small));

        Assert.Equal(("1002", null), (request["Content-Length"], request["Transfer-Encoding"]));
        Assert.Equal($"\"{_small}\"", request.Text);
        Assert.Equal("application/json; charset=utf-8", request["Content-Type"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_large_content_is_sent_in_chunks_and_as_a_whole(Mode mode)
    {
        ReceivedRequest request = await Send(mode, JsonContent.Create(_large));

        Assert.Equal((null, "chunked"), (request["Content-Length"], request["Transfer-Encoding"]));
        Assert.Equal($"\"{_large}\"", request.Text);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Chunks_that_were_asked_for_are_sent(Mode mode)
    {
        ReceivedRequest request = await Send(mode, JsonContent.Create(_small), isChunked: true);

        Assert.Equal((null, "chunked"), (request["Content-Length"], request["Transfer-Encoding"]));
    }

    [Fact]
    public async Task Values_that_come_one_by_one_are_not_waited_for()
    {
        var gate = new Gate();
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectHead().Open(gate).ExpectBody().Send(Ok));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));

        using HttpResponseMessage response = await http.PostAsync(server.Url, JsonContent.Create(Numbers())).WaitAsync(Patience);

        Assert.Equal("[1,2]", server.Requests[0].Text);

        async IAsyncEnumerable<int> Numbers()
        {
            yield return 1;
            await Task.Yield();
            yield return 2;
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_content_that_fails_fails_the_request_and_nothing_is_sent(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));
        Func<HttpRequestMessage> failing = () => new(HttpMethod.Post, server.Url) { Content = JsonContent.Create(new Failing()) };

        Exception? failure = await Record.ExceptionAsync(() => Call(mode, () => http.Send(failing()), () => http.SendAsync(failing())));

        Assert.Contains("no such value", failure!.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static async Task<ReceivedRequest> Send(Mode mode, HttpContent content, bool isChunked = false)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url) { Content = content };
        if (isChunked)
            request.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage response = await Call(mode, () => http.Send(request), () => http.SendAsync(request)).WaitAsync(Patience);
        return server.Requests[0];
    }

    private sealed class Failing
    {
        public int Value => throw new NotSupportedException("no such value");
    }
}
