using System.Text;
using RestSharp;

namespace Urllib4.SdkTests;

public sealed class RestSharpTests : SdkTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task Json_forms_files_and_queries_are_sent_as_over_the_platform(Mode mode)
    {
        await using ApiServer server = await ApiServer.StartEcho();

        string outcome = await Same(async handler =>
        {
            using var http = new HttpClient(handler, disposeHandler: false);
            using var client = new RestClient(http, new RestClientOptions(server.Url));
            byte[] notes = Encoding.UTF8.GetBytes("content");
            return Facts(
                await Send(mode, client, new RestRequest("json", Method.Post).AddJsonBody(new { Name = "Ünï", Count = 3 })),
                await Send(mode, client, new RestRequest("form", Method.Post).AddParameter("a", "1 & 2").AddParameter("b", "ß")),
                await Send(mode, client, new RestRequest("file", Method.Put).AddFile("upload", notes, "notes.txt", "text/plain")),
                await Send(
                    mode, client,
                    new RestRequest("query/{id}").AddUrlSegment("id", "a b").AddQueryParameter("q", "x y").AddHeader("X-Trace", "7")));
        });

        Assert.Contains("""{"name":"\u00DCn\u00EF","count":3}""", outcome, StringComparison.Ordinal);
        Assert.Contains("notes.txt", outcome, StringComparison.Ordinal);
        Assert.Contains("X-Trace: 7", outcome, StringComparison.Ordinal);
    }

    private static async Task<EchoedRequest?> Send(Mode mode, RestClient client, RestRequest request)
    {
        RestResponse<EchoedRequest> response = await Call(
            mode, () => client.Execute<EchoedRequest>(request), () => client.ExecuteAsync<EchoedRequest>(request));
        Assert.True(response.IsSuccessful, $"{response.ErrorException}");
        return response.Data;
    }
}
