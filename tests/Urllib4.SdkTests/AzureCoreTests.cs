using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using HttpRequest = Microsoft.AspNetCore.Http.HttpRequest;

namespace Urllib4.SdkTests;

/// <summary>The pipeline that every client of Azure is built on.</summary>
public sealed class AzureCoreTests : SdkTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_request_goes_through_the_pipeline_and_is_retried_by_it(Mode mode)
    {
        int turn = 0;
        await using ApiServer server = await ApiServer.Start(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            string body = await reader.ReadToEndAsync();
            context.Response.StatusCode = Interlocked.Increment(ref turn) % 2 == 1 ? 503 : 201;
            context.Response.Headers.ETag = "\"tag\"";
            HttpRequest asked = context.Request;
            await ApiServer.SendPart(context.Response, $"{asked.Method} {asked.Path} {asked.ContentType}: {body}");
        });

        string outcome = await Same(async handler =>
        {
            using var transport = new HttpClientTransport(new HttpClient(handler, disposeHandler: false));
            var options = new Options { Transport = transport };
            options.Retry.Delay = options.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
            HttpPipeline pipeline = HttpPipelineBuilder.Build(options);
            using HttpMessage message = pipeline.CreateMessage();
            message.BufferResponse = false;
            message.Request.Method = RequestMethod.Put;
            message.Request.Uri.Reset(new Uri($"{server.Url}/blob"));
            message.Request.Headers.Add("Content-Type", "text/plain");
            message.Request.Content = RequestContent.Create(new MemoryStream(Encoding.UTF8.GetBytes("a body")));
            await Call(mode, () => pipeline.Send(message, default), () => pipeline.SendAsync(message, default).AsTask());
            Response response = message.Response;
            using var reader = new StreamReader(response.ContentStream!);
            string text = await Call(mode, reader.ReadToEnd, reader.ReadToEndAsync);
            return Facts(response.Status, response.ReasonPhrase, response.Headers.ETag, text);
        });

        Assert.Equal("201\nCreated\ntag\nPUT /blob text/plain: a body", outcome);
        Assert.Equal(4, turn);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_is_not_there_is_the_failure_that_azure_knows(Mode mode)
    {
        ApiServer server = await ApiServer.StartEcho();
        string url = server.Url;
        await server.DisposeAsync();

        string outcome = await Same(async handler =>
        {
            var options = new Options { Transport = new HttpClientTransport(new HttpClient(handler, disposeHandler: false)) };
            options.Retry.MaxRetries = 0;
            HttpPipeline pipeline = HttpPipelineBuilder.Build(options);
            using HttpMessage message = pipeline.CreateMessage();
            message.Request.Uri.Reset(new Uri(url));
            var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Call(
                mode, () => pipeline.Send(message, default), () => pipeline.SendAsync(message, default).AsTask()));
            return Facts(failure.Status, (failure.InnerException as HttpRequestException)?.HttpRequestError);
        });

        Assert.Equal("0\nConnectionError", outcome);
    }

    private sealed class Options : ClientOptions;
}
