using System.Text.Json;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>What httpbin understood of a request.</summary>
public sealed class HttpBinRequestTests(Peers peers) : ClientTests, IDisposable
{
    private readonly string _url = peers.HttpBin.Url;
    private readonly PoolManager _http = new();

    [Theory, ClassData(typeof(BothModes))]
    public async Task Query_and_headers_arrive(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/get?a=1&b=%C3%A4&b=2", new()
        {
            Headers = new() { { "X-Own", "one two" } },
        });

        Assert.Equal("1", Text(response, "args", "a"));
        Assert.Equal(["ä", "2"], Json(response).GetProperty("args").GetProperty("b").EnumerateArray().Select(static v => v.GetString()));
        Assert.Equal("one two", Text(response, "headers", "X-Own"));
        Assert.Equal(new Uri(_url).Authority, Text(response, "headers", "Host"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Fields_of_a_GET_are_its_query(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/get", new() { Fields = new() { { "a b", "c&d" } } });

        Assert.Equal("c&d", Text(response, "args", "a b"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Bytes_arrive_as_they_are(Mode mode)
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(static i => (byte)i)];

        UrllibResponse response = await Send(mode, _http, "POST", $"{_url}/post", new() { Body = bytes });

        Assert.EndsWith(";base64," + Convert.ToBase64String(bytes), Text(response, "data"));
        Assert.Equal("256", Text(response, "headers", "Content-Length"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_without_length_arrives_in_chunks(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "POST", $"{_url}/post", new()
        {
            Body = RequestBody.FromString("in chunks").WithoutLength(),
        });

        Assert.Equal("in chunks", Text(response, "data"));
        Assert.Equal("chunked", Text(response, "headers", "Transfer-Encoding"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Json_arrives_as_json(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "POST", $"{_url}/post", new()
        {
            Body = RequestBody.Json(new { Name = "Ärger", Count = 2 }),
        });

        JsonElement json = Json(response).GetProperty("json");
        Assert.Equal("Ärger", json.GetProperty("name").GetString());
        Assert.Equal(2, json.GetProperty("count").GetInt32());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_form_arrives_as_a_form(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "POST", $"{_url}/post", new()
        {
            Body = RequestBody.Form([new("a", "1 & 2"), new("ü", "=")]),
        });

        Assert.Equal("1 & 2", Text(response, "form", "a"));
        Assert.Equal("=", Text(response, "form", "ü"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Fields_of_a_POST_arrive_as_fields_and_files(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "POST", $"{_url}/post", new()
        {
            Fields = new() { { "field", "value" }, { "file", RequestField.File("ä \"b\".txt", "of the file") } },
        });

        Assert.Equal("value", Text(response, "form", "field"));
        Assert.Equal("of the file", Text(response, "files", "file"));
        Assert.StartsWith("multipart/form-data; boundary=", Text(response, "headers", "Content-Type"));
    }

    [Theory]
    [InlineData(Mode.Blocking, "PUT", "/put")]
    [InlineData(Mode.Asynchronous, "PUT", "/put")]
    [InlineData(Mode.Blocking, "PATCH", "/patch")]
    [InlineData(Mode.Asynchronous, "DELETE", "/delete")]
    [InlineData(Mode.Blocking, "PATCH", "/anything/at/all")]
    [InlineData(Mode.Asynchronous, "DELETE", "/anything/at/all")]
    public async Task Other_methods_have_bodies_as_well(Mode mode, string method, string target)
    {
        UrllibResponse response = await Send(mode, _http, method, _url + target, new() { Body = "text" });

        Assert.Equal("text", Text(response, "data"));
        Assert.Equal(_url + target, Text(response, "url"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Credentials_are_asked_for_and_accepted(Mode mode)
    {
        string url = $"{_url}/basic-auth/alice/wonder-land";

        UrllibResponse refused = await Send(mode, _http, "GET", url);
        UrllibResponse accepted = await Send(mode, _http, "GET", url, new()
        {
            Headers = RequestHeaders.Make(basicAuth: ("alice", "wonder-land")),
        });

        Assert.Equal(401, refused.Status);
        Assert.Contains("Basic", refused.Headers["WWW-Authenticate"]);
        Assert.Equal("alice", Text(accepted, "user"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Cookies_come_back_and_HEAD_has_no_body(Mode mode)
    {
        RequestOptions options = new() { Headers = new() { { "Cookie", "a=1; b=2" } } };

        UrllibResponse get = await Send(mode, _http, "GET", $"{_url}/cookies", options);
        UrllibResponse head = await Send(mode, _http, "HEAD", $"{_url}/cookies", options);

        Assert.Equal("2", Text(get, "cookies", "b"));
        Assert.Empty(head.Data);
        Assert.Equal(get.Headers["Content-Length"], head.Headers["Content-Length"]);
        Assert.Equal(1, _http.ConnectionFromUrl(_url).NumConnections);
    }

    public void Dispose() => _http.Dispose();
}
