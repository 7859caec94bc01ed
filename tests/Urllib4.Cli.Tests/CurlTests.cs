namespace Urllib4.Cli.Tests;

public sealed class CurlTests : CliTests
{
    [Fact]
    public async Task A_line_as_browsers_copy_it_is_sent()
    {
        await using var server = Always();
        string line = $$"""
            curl '{{server.Url}}/a?b=1' \
              -X 'PUT' \
              -H 'accept: */*' \
              -H $'x-quote: it\'s \u0021' \
              -b 'a=1; b=2' \
              --data-raw $'{"name":"caf\u00e9 \ud83d\ude00\n"}' \
              --compressed --insecure
            """;

        Assert.Equal(new Outcome(0, "ok", ""), await Run("curl", line));

        ReceivedRequest request = server.Requests[0];
        Assert.Equal(("PUT", "/a?b=1"), (request.Method, request.Target));
        Assert.Equal("it's !", request["x-quote"]);
        Assert.Equal("a=1; b=2", request["Cookie"]);
        Assert.Equal("{\"name\":\"caf\u00e9 \ud83d\ude00\n\"}", request.Text);
    }

    [Theory]
    [InlineData("-d a=b --data-urlencode 'c=d e'", "POST", "/", "a=b&c=d%20e")]
    [InlineData("-G -d a=b", "GET", "/?a=b", "")]
    [InlineData("-XDELETE", "DELETE", "/", "")]
    [InlineData("-sSkL --json '{}'", "POST", "/", "{}")]
    [InlineData("\"-d\" \"a \\\"b\\\"\"", "POST", "/", "a \"b\"")]
    public async Task The_words_of_curl_mean_what_they_mean_there(string words, string method, string target, string body)
    {
        await using var server = Always();
        Assert.Equal(0, (await Run("curl", $"curl {words} {server.Url}/")).Code);
        Assert.Equal((method, target, body), (server.Requests[0].Method, server.Requests[0].Target, server.Requests[0].Text));
    }

    [Fact]
    public async Task What_is_printed_for_curl_is_understood_again()
    {
        await using var server = Always();
        string[] request = ["post", server.Url + "/x?y='", "-H", "X-A: it's $HOME", "--data", "a'b\nc"];
        await Run(request);
        Outcome printed = await Run([.. request, "--curl"]);
        Assert.Single(server.Requests);

        Assert.Equal(0, (await Run("curl", printed.Output)).Code);

        Assert.Equal(server.Requests[0].Text, server.Requests[1].Text);
        Assert.Equal(server.Requests[0].Target, server.Requests[1].Target);
        Assert.Equal(server.Requests[0]["X-A"], server.Requests[1]["X-A"]);
    }
}
