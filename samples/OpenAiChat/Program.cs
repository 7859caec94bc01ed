using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAiChat;
using Urllib4;

await using Parrot parrot = await Parrot.Start();

// Between two words there may be ten seconds of silence, however long the whole answer takes.
using var http = new HttpClient(new UrllibHandler(new PoolOptions { Timeout = new() { Read = TimeSpan.FromSeconds(10) } }));
var client = new ChatClient("parrot-1", new ApiKeyCredential("a key"), new OpenAIClientOptions
{
    Endpoint = new Uri($"{parrot.Url}/v1"),
    Transport = new HttpClientPipelineTransport(http),
});

string question = args.Length > 0 ? string.Join(' ', args) : "Will you stream this back to me word by word?";
Console.WriteLine($"> {question}");
await foreach (StreamingChatCompletionUpdate update in client.CompleteChatStreamingAsync(question))
{
    foreach (ChatMessageContentPart part in update.ContentUpdate)
        Console.Write(part.Text);
    if (update.FinishReason is { } reason)
        Console.WriteLine($"\n({reason})");
}
