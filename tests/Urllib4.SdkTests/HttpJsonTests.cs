using System.Net.Http.Json;

namespace Urllib4.SdkTests;

/// <summary>The extensions for JSON that come with the platform.</summary>
public sealed class HttpJsonTests : SdkTests
{
    [Fact]
    public async Task Json_is_posted_patched_and_read()
    {
        await using ApiServer server = await ApiServer.StartEcho();

        string outcome = await Same(async handler =>
        {
            using var client = new HttpClient(handler, disposeHandler: false) { BaseAddress = new Uri(server.Url) };
            using HttpResponseMessage posted = await client.PostAsJsonAsync("post", new { Name = "Ünï" });
            using HttpResponseMessage patched = await client.PatchAsJsonAsync("patch", new[] { 1, 2 });
            return Facts(
                await posted.Content.ReadFromJsonAsync<EchoedRequest>(), await patched.Content.ReadFromJsonAsync<EchoedRequest>(),
                await client.GetFromJsonAsync<EchoedRequest>("get?a=1"), await client.DeleteFromJsonAsync<EchoedRequest>("delete"));
        });

        Assert.Contains("PATCH /patch\napplication/json; charset=utf-8\n[1,2]", outcome, StringComparison.Ordinal);
        Assert.Contains("GET /get?a=1", outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_read_element_by_element_while_it_is_sent()
    {
        using var heard = new SemaphoreSlim(0);
        await using ApiServer server = await ApiServer.Start(async context =>
        {
            context.Response.ContentType = "application/json";
            foreach (string part in new[] { "[1,", "2,", "3,", "4]" })
            {
                await ApiServer.SendPart(context.Response, part);
                if (part != "4]" && !await heard.WaitAsync(Patience))
                    return;
            }
        });

        string outcome = await Same(async handler =>
        {
            using var client = new HttpClient(handler, disposeHandler: false);
            var numbers = new List<int>();
            await foreach (int number in client.GetFromJsonAsAsyncEnumerable<int>(server.Url))
            {
                numbers.Add(number);
                if (number < 4)
                    heard.Release();
            }

            return string.Join(' ', numbers);
        });

        Assert.Equal("1 2 3 4", outcome);
    }
}
