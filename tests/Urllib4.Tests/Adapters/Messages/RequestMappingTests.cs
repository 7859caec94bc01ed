using System.Net;
using System.Text;
using Urllib4.Adapters;
using Urllib4.TestKit;

namespace Urllib4.Tests.Adapters;

public sealed class RequestMappingTests : HandlerTests
{
    /// <summary>Messages that cannot be sent, and with what they are refused.</summary>
    private static readonly Dictionary<string, (Func<HttpRequestMessage> Request, Type Error)> _refused = new()
    {
        ["a URI without a scheme"] = (static () => new(HttpMethod.Get, new Uri("/a", UriKind.Relative)), typeof(InvalidOperationException)),
        ["no URI"] = (static () => new(HttpMethod.Get, (Uri?)null), typeof(InvalidOperationException)),
        ["a scheme of something else"] = (static () => new(HttpMethod.Get, "ftp://a.test/"), typeof(NotSupportedException)),
        ["HTTP/0.9"] = (static () => new(HttpMethod.Get, "http://a.test/") { Version = new Version(0, 9) }, typeof(NotSupportedException)),
        ["chunks without a content"] = (ChunkedWithoutContent, typeof(HttpRequestException)),
        ["exactly HTTP/3"] = (
            static () => new(HttpMethod.Get, "http://a.test/")
            {
                Version = HttpVersion.Version30, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            },
            typeof(HttpRequestException)),
    };

    public static TheoryData<string> Refused => [.. _refused.Keys];

    [Theory]
    [InlineData(1, 1, HttpVersionPolicy.RequestVersionOrLower, null)]
    [InlineData(1, 0, HttpVersionPolicy.RequestVersionOrLower, null)]
    [InlineData(1, 1, HttpVersionPolicy.RequestVersionExact, HttpVersions.Http11)]
    [InlineData(1, 1, HttpVersionPolicy.RequestVersionOrHigher, HttpVersions.Http11 | HttpVersions.Http2)]
    [InlineData(2, 0, HttpVersionPolicy.RequestVersionOrLower, HttpVersions.Http11 | HttpVersions.Http2)]
    [InlineData(3, 0, HttpVersionPolicy.RequestVersionOrLower, HttpVersions.Http11 | HttpVersions.Http2)]
    [InlineData(2, 0, HttpVersionPolicy.RequestVersionExact, HttpVersions.Http2)]
    [InlineData(2, 0, HttpVersionPolicy.RequestVersionOrHigher, HttpVersions.Http2)]
    public void Version_and_policy_of_a_message_say_what_may_be_spoken(
        int major, int minor, HttpVersionPolicy policy, HttpVersions? expected) =>
        Assert.Equal(expected, RequestMapping.VersionsOf(
            new(HttpMethod.Get, "https://a.test/") { Version = new Version(major, minor), VersionPolicy = policy }));

    [Theory, MemberData(nameof(Refused))]
    public void A_message_that_cannot_be_sent_is_refused_with_the_exception_of_the_platform(string name)
    {
        (Func<HttpRequestMessage> request, Type error) = _refused[name];
        Assert.IsType(error, RequestMapping.Refusal(request()));
    }

    [Theory]
    [InlineData("http://a.test/")]
    [InlineData("https://a.test/")]
    [InlineData("ws://a.test/")]
    [InlineData("wss://a.test/")]
    public void A_message_with_a_known_scheme_is_not_refused(string url) =>
        Assert.Null(RequestMapping.Refusal(new HttpRequestMessage(HttpMethod.Get, url)));

    [Theory]
    [InlineData("ws://a.test:81/b", "http://a.test:81/b")]
    [InlineData("wss://a.test/b", "https://a.test/b")]
    [InlineData("http://user:secret@a.test/b", "http://a.test/b")]
    [InlineData("http://a.test/b?c", "http://a.test/b?c")]
    public void What_is_sent_to_has_a_scheme_of_http_and_no_user(string given, string sent) =>
        Assert.Equal(sent, RequestMapping.UriOf(new HttpRequestMessage(HttpMethod.Get, given)).AbsoluteUri);

    [Theory]
    [InlineData("get", "GET")]
    [InlineData("Patch", "PATCH")]
    [InlineData("connect", "CONNECT")]
    [InlineData("Report", "Report")]
    public void A_method_that_is_known_is_sent_in_capitals_and_another_as_it_is(string given, string sent) =>
        Assert.Equal(sent, RequestMapping.MethodOf(new HttpRequestMessage(new HttpMethod(given), "http://a.test/")));

    [Theory, ClassData(typeof(BothModes))]
    public async Task Headers_of_the_message_and_of_its_content_go_out_and_the_length_is_that_of_the_body(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok);
        using HttpClient http = Client(dialer);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://a.test/p?q")
        {
            Content = new StringContent("text", Encoding.UTF8, "text/plain"),
        };
        request.Headers.Add("X-One", ["1", "2"]);

        await Send(mode, http, request);

        ReceivedRequest received = RequestOf(dialer);
        Assert.Equal(("POST", "/p?q", "a.test", "text"), (received.Method, received.Target, received["Host"], received.Text));
        Assert.Equal(("1, 2", "text/plain; charset=utf-8", "4"), (received["X-One"], received["Content-Type"], received["Content-Length"]));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_content_is_sent_in_chunks_when_the_message_says_so_or_its_length_is_unknown(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok, Ok);
        using HttpClient http = Client(dialer);
        using var asked = new HttpRequestMessage(HttpMethod.Put, "http://a.test/") { Content = new StringContent("text") };
        asked.Headers.TransferEncodingChunked = true;
        using var unknown = new HttpRequestMessage(HttpMethod.Put, "http://a.test/") { Content = new Written("text") };

        await Send(mode, http, asked);
        await Send(mode, http, unknown);

        Assert.All(dialer.Peers[0].Requests, static r =>
            Assert.Equal(("chunked", null, "text"), (r["Transfer-Encoding"], r["Content-Length"], r.Text)));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Nothing_is_waited_for_when_there_is_no_body_to_expect_an_answer_for(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok);
        using HttpClient http = Client(dialer);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://a.test/");
        request.Headers.ExpectContinue = true;

        await Send(mode, http, request);

        Assert.Null(RequestOf(dialer)["Expect"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_header_outside_ascii_is_refused_unless_a_selector_says_how_to_write_it(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok);
        using HttpClient strict = Client(dialer);
        using HttpClient lenient = Client(dialer, static h => h.RequestHeaderEncodingSelector = static (name, _) =>
            name == "X-Name" ? Encoding.UTF8 : null);

        await Assert.ThrowsAsync<HttpRequestException>(() => Send(mode, strict, Named()));
        await Send(mode, lenient, Named());

        Assert.Equal("caf\u00C3\u00A9", RequestOf(dialer)["X-Name"]);

        static HttpRequestMessage Named()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "http://a.test/");
            request.Headers.TryAddWithoutValidation("X-Name", "caf\u00E9");
            return request;
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_message_like_the_last_is_sent_alike_and_one_with_another_header_is_not(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok, Ok, Ok, Ok);
        using HttpClient http = Client(dialer);
        foreach (string value in new[] { "1", "1", "2" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://a.test/");
            request.Headers.Add("X-Value", value);
            await Send(mode, http, request);
        }

        await Get(mode, http);

        IReadOnlyList<ReceivedRequest> received = dialer.Peers[0].Requests;
        Assert.Equal(["1", "1", "2", null], received.Select(static r => r["X-Value"]));
        Assert.Equal(received[0].Head, received[1].Head);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_host_header_says_who_is_meant_and_the_url_where_to_go(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok);
        using HttpClient http = Client(dialer);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://a.test/");
        request.Headers.Host = "b.test";

        await Send(mode, http, request);

        Assert.Equal("a.test", dialer.Targets[0].Host);
        Assert.Equal("b.test", RequestOf(dialer)["Host"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_target_is_written_as_the_uri_of_the_caller_has_it(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok);
        using HttpClient http = Client(dialer);

        await Get(mode, http, "http://a.test/%41%7B?q=%27");

        Assert.Equal("/A%7B?q=%27", RequestOf(dialer).Target);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Options_of_a_message_hold_for_it_and_those_of_the_handler_for_others(Mode mode)
    {
        const string Busy = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
        MemoryDialer dialer = Answering(Busy, Ok, Busy);
        using HttpClient http = Client(dialer);
        using var own = new HttpRequestMessage(HttpMethod.Get, "http://a.test/");
        own.Options.Set(
            UrllibHandler.RequestOptionsKey,
            new RequestOptions { Retries = new Retry { Total = 1, StatusForcelist = [503], BackoffFactor = 0 } });

        using HttpResponseMessage patient = await Send(mode, http, own);
        using HttpResponseMessage plain = await Get(mode, http);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (patient.StatusCode, plain.StatusCode));
    }

    [Fact]
    public void What_a_caller_writes_to_connect_to_is_the_target_of_a_connect()
    {
        using var request = new HttpRequestMessage(HttpMethod.Connect, "http://proxy.test:3128/");
        Assert.Equal("proxy.test:3128", RequestMapping.TargetOf(request, "CONNECT", request.RequestUri!));
        request.Headers.Host = "a.test:443";
        Assert.Equal("a.test:443", RequestMapping.TargetOf(request, "CONNECT", request.RequestUri!));
    }

    private static HttpRequestMessage ChunkedWithoutContent()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://a.test/");
        request.Headers.TransferEncodingChunked = true;
        return request;
    }

    /// <summary>A content that does not know its length, in the manner of the callers' own.</summary>
    private sealed class Written(string text) : HttpContent
    {
        protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            stream.Write(Encoding.ASCII.GetBytes(text));

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
