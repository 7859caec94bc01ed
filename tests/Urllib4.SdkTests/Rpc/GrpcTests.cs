using Grpc.Core;
using Grpc.Net.Client;

namespace Urllib4.SdkTests.Rpc;

public sealed class GrpcTests : SdkTests
{
    [Fact]
    public async Task A_call_brings_its_answer_its_headers_and_its_trailers()
    {
        string outcome = await Play(static async client =>
        {
            using AsyncUnaryCall<Number> call = client.SquareAsync(new Number { Value = 12 });
            Metadata headers = await call.ResponseHeadersAsync;
            Number answer = await call.ResponseAsync;
            return Facts(answer.Value, headers.GetValue("x-kind"), call.GetStatus().StatusCode, call.GetTrailers().GetValue("x-trailer"));
        });

        Assert.Equal("144\nsquare\nOK\ndone", outcome);
    }

    [Fact]
    public async Task A_hundred_calls_go_at_once()
    {
        string outcome = await Play(static async client =>
        {
            Number[] answers = await Task.WhenAll(Enumerable.Range(0, 100)
                .Select(n => client.SquareAsync(new Number { Value = n }).ResponseAsync));
            return Facts(answers.Sum(static answer => answer.Value));
        });

        Assert.Equal("328350", outcome);
    }

    [Fact]
    public async Task An_answer_comes_part_by_part()
    {
        string outcome = await Play(static async client =>
        {
            using AsyncServerStreamingCall<Number> call = client.Count(new Number { Value = 1000 });
            List<long> numbers = [];
            await foreach (Number number in call.ResponseStream.ReadAllAsync())
                numbers.Add(number.Value);
            return Facts(numbers.Count, numbers.SequenceEqual(Enumerable.Range(0, 1000).Select(static n => (long)n)));
        });

        Assert.Equal("1000\nTrue", outcome);
    }

    [Fact]
    public async Task A_request_goes_part_by_part()
    {
        string outcome = await Play(static async client =>
        {
            using AsyncClientStreamingCall<Number, Number> call = client.Sum();
            for (int i = 1; i <= 1000; i++)
                await call.RequestStream.WriteAsync(new Number { Value = i });
            await call.RequestStream.CompleteAsync();
            return Facts((await call.ResponseAsync).Value);
        });

        Assert.Equal("500500", outcome);
    }

    [Fact]
    public async Task A_hundred_megabytes_arrive()
    {
        const long Length = 100 * 1024 * 1024;
        string outcome = await Play(static async client =>
        {
            using AsyncServerStreamingCall<Part> call = client.Download(new Number { Value = Length });
            long length = 0;
            await foreach (Part part in call.ResponseStream.ReadAllAsync())
                length += part.Data.Length;
            return Facts(length);
        });

        Assert.Equal($"{Length}", outcome);
    }

    [Fact]
    public async Task A_refusal_says_why_in_trailers_alone()
    {
        string outcome = await Play(static client => Failure(client.RefuseAsync(new Number()).ResponseAsync));
        Assert.Equal("FailedPrecondition\nno: ä\nodd\n1,2,255", outcome);
    }

    [Fact]
    public async Task A_deadline_ends_a_call()
    {
        string outcome = await Play(static client => Failure(
            client.WaitAsync(new Number(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200)).ResponseAsync));
        Assert.StartsWith("DeadlineExceeded", outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_ends_and_the_next_goes_on_the_same_connection()
    {
        string outcome = await Play(static async client =>
        {
            using var cancellation = new CancellationTokenSource();
            Task<Number> waiting = client.WaitAsync(new Number(), cancellationToken: cancellation.Token).ResponseAsync;
            Number before = await client.SquareAsync(new Number { Value = 2 });
            await cancellation.CancelAsync();
            string failure = await Failure(waiting);
            return Facts(failure.Split('\n')[0], before.Value, (await client.SquareAsync(new Number { Value = 3 })).Value);
        });

        Assert.Equal("Cancelled\n4\n9", outcome);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_unavailable()
    {
        string outcome = await Same(static async handler =>
        {
            using GrpcChannel channel = GrpcChannel.ForAddress("http://127.0.0.1:1", new GrpcChannelOptions { HttpHandler = handler });
            return (await Failure(new Numbers.NumbersClient(channel).SquareAsync(new Number()).ResponseAsync)).Split('\n')[0];
        });

        Assert.Equal("Unavailable", outcome);
    }

    private static async Task<string> Failure(Task call)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call);
        return Facts(
            failure.StatusCode,
            failure.Status.Detail,
            failure.Trailers.GetValue("x-reason"),
            string.Join(',', failure.Trailers.GetValueBytes("x-data-bin") ?? []));
    }

    private static async Task<string> Play(Func<Numbers.NumbersClient, Task<string>> play)
    {
        await using NumbersServer server = await NumbersServer.Start();
        return await Same(async handler =>
        {
            using GrpcChannel channel = GrpcChannel.ForAddress(server.Url, new GrpcChannelOptions { HttpHandler = handler });
            return await play(new Numbers.NumbersClient(channel));
        });
    }
}
