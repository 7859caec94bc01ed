using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>A call that is cancelled when its connection is as good as made.</summary>
public sealed class LateCancellationTests : ClientTests
{
    [Theory]
    [InlineData(Mode.Blocking, HttpVersions.Http11)]
    [InlineData(Mode.Blocking, HttpVersions.Http2)]
    [InlineData(Mode.Asynchronous, HttpVersions.Http11)]
    [InlineData(Mode.Asynchronous, HttpVersions.Http2)]
    public async Task A_call_that_is_cancelled_with_the_last_step_of_its_dial_says_so(Mode mode, HttpVersions versions)
    {
        using HttpBinServer server = HttpBinServer.Start();
        using var cancellation = new CancellationTokenSource();
        using var manager = new PoolManager(new PoolOptions
        {
            HttpVersions = versions,
            StreamFilter = (stream, _) =>
            {
                cancellation.Cancel();
                return ValueTask.FromResult(stream);
            },
        });

        var error = await Fails<OperationCanceledException>(
            Send(mode, manager, "GET", server.Url + "/get", token: cancellation.Token));

        Assert.Equal(cancellation.Token, error.CancellationToken);
        AssertAtRest(manager);
    }
}
