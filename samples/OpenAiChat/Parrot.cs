using System.Net;
using System.Text.Json;

namespace OpenAiChat;

/// <summary>A server that speaks OpenAI's chat protocol, and says what was said to it.</summary>
internal sealed class Parrot : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Parrot(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<Parrot> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.Run(Answer);
        await app.StartAsync();
        return new Parrot(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task Answer(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body);
        JsonElement content = request.RootElement.GetProperty("messages")[0].GetProperty("content");
        string text = content.ValueKind == JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!;
        context.Response.ContentType = "text/event-stream";
        foreach (string word in text.Split(' '))
        {
            await Send(context, new { content = word + " " }, null);
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        await Send(context, new { }, "stop");
        await context.Response.WriteAsync("data: [DONE]\n\n");
    }

    private static async Task Send(HttpContext context, object delta, string? reason)
    {
        string chunk = JsonSerializer.Serialize(new
        {
            id = "1", @object = "chat.completion.chunk", created = 1, model = "parrot-1",
            choices = new[] { new { index = 0, delta, finish_reason = reason } },
        });
        await context.Response.WriteAsync($"data: {chunk}\n\n");
        await context.Response.Body.FlushAsync();
    }
}
