using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenAI;
using OpenAI.Chat;

namespace Urllib4.SdkTests;

/// <summary>The client of OpenAI by its transport, against a server of its chat protocol.</summary>
public sealed class OpenAiTests : SdkTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task An_answer_comes_word_by_word(Mode mode)
    {
        // The server says the next word only when the client has got the one before: nothing may wait in a buffer.
        using var heard = new SemaphoreSlim(0);
        await using ApiServer server = await ApiServer.Start(context => Stream(context, heard));

        string outcome = await Same(async handler =>
        {
            ChatClient client = Client(server, handler);
            var said = new StringBuilder();
            await Call(mode, () => Listen(client, heard, said), () => ListenAsync(client, heard, said));
            return said.ToString();
        });

        Assert.Equal("One|word|after|the|other|Stop", outcome);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_whole_answer_and_a_refusal_are_what_they_are(Mode mode)
    {
        await using ApiServer server = await ApiServer.Start(Answer);

        string outcome = await Same(async handler =>
        {
            ChatClient client = Client(server, handler);
            ClientResult<ChatCompletion> answer = await Call(
                mode, () => client.CompleteChat("Say hello."), () => client.CompleteChatAsync("Say hello."));
            var refusal = await Assert.ThrowsAsync<ClientResultException>(() => Call(
                mode, () => client.CompleteChat("refuse"), () => client.CompleteChatAsync("refuse")));
            return Facts(answer.Value.Content[0].Text, answer.Value.Usage.TotalTokenCount, refusal.Status, refusal.Message);
        });

        Assert.StartsWith("You said: Say hello. (Bearer key)\n7\n429\n", outcome, StringComparison.Ordinal);
    }

    private static ChatClient Client(ApiServer server, HttpMessageHandler handler)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = new Uri($"{server.Url}/v1"),
            Transport = new HttpClientPipelineTransport(new HttpClient(handler, disposeHandler: false)),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        };
        return new ChatClient("model", new ApiKeyCredential("key"), options);
    }

    private static void Listen(ChatClient client, SemaphoreSlim heard, StringBuilder said)
    {
        foreach (StreamingChatCompletionUpdate update in client.CompleteChatStreaming("Go on."))
            Note(update, heard, said);
    }

    private static async Task ListenAsync(ChatClient client, SemaphoreSlim heard, StringBuilder said)
    {
        await foreach (StreamingChatCompletionUpdate update in client.CompleteChatStreamingAsync("Go on."))
            Note(update, heard, said);
    }

    private static void Note(StreamingChatCompletionUpdate update, SemaphoreSlim heard, StringBuilder said)
    {
        foreach (ChatMessageContentPart part in update.ContentUpdate)
            said.Append(part.Text).Append('|');
        said.Append(update.FinishReason);
        heard.Release();
    }

    private static async Task Stream(HttpContext context, SemaphoreSlim heard)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (string word in new[] { "One", "word", "after", "the", "other" })
        {
            await ApiServer.SendPart(context.Response, Chunk($$"""{"content":"{{word}}"}""", "null"));
            if (!await heard.WaitAsync(Patience))
                return;
        }

        await ApiServer.SendPart(context.Response, Chunk("{}", "\"stop\"") + "data: [DONE]\n\n");
        await heard.WaitAsync(Patience);
    }

    private static string Chunk(string delta, string reason) =>
        """data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"model","choices":[{"index":0,"delta":"""
        + $$"""{{delta}},"finish_reason":{{reason}}}]}""" + "\n\n";

    private static async Task Answer(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body);
        JsonElement content = request.RootElement.GetProperty("messages")[0].GetProperty("content");
        string text = content.ValueKind == JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!;
        context.Response.ContentType = "application/json";
        if (text == "refuse")
        {
            context.Response.StatusCode = 429;
            await context.Response.WriteAsync("""{"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}}""");
            return;
        }

        await context.Response.WriteAsync(
            $$$"""
            {"id":"1","object":"chat.completion","created":1,"model":"model","choices":[{"index":0,"finish_reason":"stop",
            "message":{"role":"assistant","content":"You said: {{{text}}} ({{{context.Request.Headers.Authorization}}})"}}],
            "usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}
            """);
    }
}
