using Urllib4.Protocol;
using Urllib4.Protocol.Http2;

namespace Urllib4.Tests.Protocol.Http2;

/// <summary>What a request of HTTP/1.1 becomes (RFC 9113, section 8).</summary>
public class Http2RequestTests
{
    [Fact]
    public void A_request_is_its_pseudo_headers_and_its_fields_in_lower_case() => Assert.Equal(
        "HEADERS 1 end :method: GET|:scheme: https|:path: /a?b|:authority: example.com|user-agent: x|accept: */*",
        Write(new("GET", "/a?b", "example.com", new() { { "User-Agent", "x" }, { "Accept", "*/*" } }, default)));

    [Fact]
    public void The_scheme_is_that_of_the_connection()
    {
        var client = new Http2Client(new() { Scheme = "http" });
        client.Get("OPTIONS", "*");
        Assert.Equal("HEADERS 1 end :method: OPTIONS|:scheme: http|:path: *|:authority: example.com", client.Written());
    }

    [Theory]
    [InlineData("other.example:8443", "other.example:8443")]
    [InlineData("[::1]", "[::1]")]
    [Trait("check", "H2-23")]
    public void A_host_of_the_caller_is_the_authority_and_nothing_else(string host, string authority) => Assert.Equal(
        $"HEADERS 1 end :method: GET|:scheme: https|:path: /|:authority: {authority}|a: b",
        Write(new("GET", "/", "example.com", new() { { "a", "b" }, { "hOsT", host } }, default)));

    [Fact]
    [Trait("check", "H2-23")]
    public void An_authority_is_sent_even_where_a_host_is_not_wanted() => Assert.EndsWith(
        ":authority: example.com",
        Write(new("GET", "/", "example.com", new() { { "Host", HttpHeaderDict.SkipHeader }, { "User-Agent", HttpHeaderDict.SkipHeader } }, default)),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("user@example.com")]
    [InlineData("example.com/")]
    [InlineData("")]
    [Trait("check", "H2-23")]
    public void A_host_that_is_no_authority_is_refused(string host) =>
        Assert.Throws<InvalidHeaderException>(() => Write(new("GET", "/", "example.com", new() { { "Host", host } }, default)));

    [Fact]
    [Trait("check", "H2-22")]
    public void Fields_for_one_connection_are_left_out() => Assert.Equal(
        "HEADERS 1 :method: POST|:scheme: https|:path: /|:authority: example.com|te: trailers|a: b",
        Write(new(
            "POST",
            "/",
            "example.com",
            new()
            {
                { "Connection", "keep-alive, TE, X-Hop" }, { "Keep-Alive", "timeout=5" }, { "Proxy-Connection", "x" }, { "TE", "trailers" },
                { "Transfer-Encoding", "chunked" }, { "HTTP2-Settings", "x" }, { "x-hop", "1" }, { "a", "b" },
            },
            BodyFraming.Chunked)));

    [Theory]
    [InlineData("Upgrade", "websocket")]
    [InlineData("TE", "gzip")]
    [InlineData("TE", "trailers, gzip")]
    [InlineData("Transfer-Encoding", "gzip")]
    [Trait("check", "H2-22")]
    public void Fields_that_ask_for_what_cannot_be_are_refused(string name, string value) =>
        Assert.Throws<InvalidHeaderException>(() => Write(new("GET", "/", "example.com", new() { { "Connection", name }, { name, value } }, default)));

    [Fact]
    public void Trailers_may_be_asked_for_without_a_word_to_the_connection() => Assert.EndsWith(
        "|te: trailers", Write(new("GET", "/", "example.com", new() { { "TE", "trailers" } }, default)), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/a b")]
    public void A_target_is_a_path(string target) =>
        Assert.ThrowsAny<InvalidRequestException>(() => Write(new("GET", target, "example.com", [], default)));

    [Theory]
    [InlineData("GET", "chat")]
    [InlineData("CONNECT", "a b")]
    [InlineData("CONNECT", "")]
    public void A_protocol_is_a_token_and_for_CONNECT(string method, string protocol)
    {
        var client = new Http2Client();
        client.Receive(Frames.Settings((SettingId.EnableConnectProtocol, 1)));
        Assert.Throws<InvalidRequestException>(() => client.Open(new(method, "/", "example.com", [], default) { Protocol = protocol }));
    }

    [Theory]
    [InlineData("GET", 0, false, "HEADERS 1 end")]
    [InlineData("DELETE", 0, false, "HEADERS 1 end")]
    [InlineData("POST", 0, false, "HEADERS 1 end content-length: 0")]
    [InlineData("GET", 3, false, "HEADERS 1 content-length: 3")]
    [InlineData("DELETE", 3, false, "HEADERS 1 content-length: 3")]
    [InlineData("POST", 3, true, "HEADERS 1 ")]
    [Trait("check", "H2-21")]
    public void A_body_is_framed_for_any_method(string method, long length, bool chunked, string expected)
    {
        BodyFraming framing = chunked ? BodyFraming.Chunked : length == 0 ? BodyFraming.None : BodyFraming.OfLength(length);
        string written = Write(new(method, "/", "example.com", [], framing));
        string[] words = expected.Split(" content-length: ");
        Assert.StartsWith(words[0], written, StringComparison.Ordinal);
        Assert.Equal(words.Length > 1 ? words[1] : null, written.Split("|content-length: ") is [_, var value] ? value : null);
        Assert.Equal(expected.Contains("end", StringComparison.Ordinal), written.StartsWith("HEADERS 1 end", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("check", "H2-21")]
    public void A_length_of_the_caller_is_sent_once_and_must_be_true()
    {
        HttpHeaderDict headers = new() { { "Content-Length", "3" } };
        Assert.EndsWith("|content-length: 3", Write(new("POST", "/", "example.com", headers, BodyFraming.OfLength(3))), StringComparison.Ordinal);
        Assert.Throws<InvalidHeaderException>(() => Write(new("POST", "/", "example.com", headers, BodyFraming.OfLength(4))));
    }

    [Fact]
    public void A_body_is_as_long_as_announced()
    {
        var client = new Http2Client();
        Http2Stream stream = client.Get("POST", framing: BodyFraming.OfLength(3));
        client.Written();
        Assert.Throws<BodyLengthException>(() => client.Send(stream, "abcd", isLast: false));
        Assert.Throws<BodyLengthException>(() => client.Send(stream, "ab", isLast: true));
        Assert.Throws<BodyLengthException>(() => client.Session.SendTrailers(stream, new() { { "a", "b" } }, client.Output));
        Assert.Equal("", client.Written());
        client.Send(stream, "ab", isLast: false);
        client.Send(stream, "c", isLast: true);
        Assert.Equal("DATA 1 ab\nDATA 1 end c", client.Written());
        Assert.Throws<InvalidOperationException>(() => client.Send(stream, "", isLast: true));
    }

    [Fact]
    public void Trailers_end_a_request()
    {
        var client = new Http2Client();
        Http2Stream stream = client.Get("POST", framing: BodyFraming.Chunked);
        client.Send(stream, "abc", isLast: false);
        client.Written();
        Assert.Throws<InvalidHeaderException>(() => client.Session.SendTrailers(stream, new() { { "Content-Length", "3" } }, client.Output));
        client.Session.SendTrailers(stream, new() { { "Digest", "x" } }, client.Output);
        Assert.Equal("HEADERS 1 end digest: x", client.Written());
        Assert.True(stream.IsRequestComplete);
    }

    [Fact]
    public void A_request_that_cannot_be_sent_leaves_no_trace()
    {
        var client = new Http2Client();
        Assert.Throws<InvalidHeaderException>(() => client.Get(headers: new() { { "a", "b" }, { "Upgrade", "x" } }));
        Assert.Equal(("", 0), (client.Written(), client.Session.ActiveStreams));
        client.Get(headers: new() { { "a", "b" } });
        Assert.StartsWith("HEADERS 1 end", client.Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_wait_for_a_100_ends_with_a_100_an_answer_or_a_body()
    {
        var client = new Http2Client();
        Http2Stream[] streams = [.. Enumerable.Range(0, 4).Select(_ => client.Get("PUT", "/", new() { { "Expect", "100-continue" } }, BodyFraming.OfLength(3)))];
        Assert.All(streams, static s => Assert.True(s.AwaitsContinue));
        client.Receive(Frames.Headers(1, ":status: 103"), Frames.Headers(3, ":status: 100"), Frames.Headers(5, ":status: 417", end: true));
        client.Send(streams[3], "abc", isLast: true);
        Assert.Equal([true, false, false, false], streams.Select(static s => s.AwaitsContinue));
    }

    // RFC 7541, section 7.1.3; crumbs (RFC 9113, section 8.2.3) save nothing where nothing is indexed, so a line stays a line.
    [Fact]
    public void Secrets_are_never_indexed_and_cookies_go_as_they_were_given()
    {
        var client = new Http2Client(new() { Secrets = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "X-Api-Key" } });
        HttpHeaderDict headers = new()
        {
            { "Authorization", "Basic c2VjcmV0" }, { "Cookie", "a=1; b=2" }, { "Cookie", "c=3" }, { "x-api-key", "k" },
        };
        byte[][] blocks = new byte[3][];
        for (int i = 0; i < 3; i++)
        {
            client.Output.ResetWrittenCount();
            client.Open(new("GET", "/", "example.com", headers, default) { Block = i > 0 ? new HeaderBlock(headers.AsReadOnly()) : null });
            blocks[i] = client.Output.WrittenSpan[FrameHeader.Size..].ToArray();
        }

        var decoder = new Urllib4.Protocol.Hpack.HpackDecoder();
        foreach (byte[] block in blocks)
        {
            Assert.EndsWith(
                "|authorization: Basic c2VjcmV0|cookie: a=1; b=2|cookie: c=3|x-api-key: k", Hpack.HpackText.Decode(decoder, block), StringComparison.Ordinal);
        }

        Assert.Equal(":authority".Length + "example.com".Length + 32, decoder.TableSize);
    }

    [Fact]
    public void A_field_is_indexed_when_it_comes_again()
    {
        var client = new Http2Client();
        int[] lengths = [.. Enumerable.Range(0, 4).Select(_ => Length(client, new() { { "x-tenant", "abcdefgh" } }, null))];
        Assert.True(lengths[0] > lengths[2] && lengths[1] <= lengths[0] && lengths[2] == lengths[3]);
        Assert.Equal(FrameHeader.Size + 5, lengths[3]);
    }

    [Fact]
    public void Fields_that_never_come_again_push_out_none_that_do()
    {
        var client = new Http2Client();
        for (int i = 0; i < 500; i++)
            Length(client, new() { { "accept", "*/*" }, { "x-request-id", Guid.NewGuid().ToString() } }, null, $"/item/{i}");
        Assert.Equal(FrameHeader.Size + 5, Length(client, new() { { "accept", "*/*" } }, null));
    }

    [Fact]
    public void The_fields_of_a_manager_are_a_byte_each_from_the_second_request_on_and_follow_the_table()
    {
        var client = new Http2Client();
        HttpHeaderDict headers = new HttpHeaderDict { { "User-Agent", "urllib4" }, { "Accept-Encoding", "gzip, br" } }.AsReadOnly();
        var block = new HeaderBlock(headers);
        string first = Read(client, block, headers);
        for (int i = 1; i < 200; i++)
        {
            if (i == 50)
                client.Receive(Frames.Settings((SettingId.HeaderTableSize, 0)));
            if (i == 100)
                client.Receive(Frames.Settings((SettingId.HeaderTableSize, 4096)));
            if (i % 7 == 0)
                client.Get(headers: new() { { "x", $"{i / 20}" } });
            client.Written();
            Assert.Equal(first, Read(client, block, headers));
            if (i is 2 or 199)
                Assert.InRange(Length(client, headers, block), FrameHeader.Size + 6, FrameHeader.Size + 6);
        }
    }

    [Fact]
    public void A_request_allocates_next_to_nothing_when_its_fields_have_been_sent_before()
    {
        var client = new Http2Client();
        client.Receive(Frames.Settings((SettingId.MaxConcurrentStreams, 1_000_000)));
        HttpHeaderDict headers = new HttpHeaderDict { { "User-Agent", "urllib4" } }.AsReadOnly();
        var head = new RequestHead("GET", "/index.html", "example.com", headers, default) { Block = new HeaderBlock(headers) };
        var stream = new Http2Stream();
        long allocated = long.MaxValue;
        for (int i = 0; i < 100; i++)
        {
            client.Output.ResetWrittenCount();
            long before = GC.GetAllocatedBytesForCurrentThread();
            client.Session.Open(stream, head, client.Output);
            client.Session.Reset(stream, Http2ErrorCode.Cancel, client.Output);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(allocated, 0, 100); // a search of the platform boxes its vectors until it has been compiled to the end
    }

    [Theory]
    [InlineData("u=0", 0, false, "u=0")]
    [InlineData("u=7, i", 7, true, "u=7, i")]
    [InlineData("i", 3, true, "i")]
    [InlineData("", 3, false, "")]
    [InlineData("i=?0, u=2", 2, false, "u=2")]
    [InlineData("u=5;x=1 ,i=?1;y", 5, true, "u=5, i")]
    [InlineData("u=8, i=1", 3, false, "")]
    [InlineData("u=-1, u=2, u=4, foo", 4, false, "u=4")]
    public void A_priority_is_read_as_far_as_it_is_understood(string value, int urgency, bool incremental, string written)
    {
        HttpPriority priority = HttpPriority.Parse(value);
        Assert.Equal((urgency, incremental, written), (priority.Urgency, priority.IsIncremental, priority.ToString()));
    }

    [Fact]
    public void A_stream_may_become_more_urgent_while_it_lasts()
    {
        var client = new Http2Client();
        Http2Stream stream = client.Get();
        client.Written();
        client.Session.ChangePriority(stream, new HttpPriority(1, true), client.Output);
        client.Session.Reset(stream, Http2ErrorCode.Cancel, client.Output);
        client.Session.ChangePriority(stream, new HttpPriority(2, true), client.Output);
        Assert.Equal("PRIORITY_UPDATE 0: 1 u=1, i\nRST 1 Cancel", client.Written());
    }

    private static string Write(RequestHead head)
    {
        var client = new Http2Client();
        client.Open(head);
        return client.Written();
    }

    private static string Read(Http2Client client, HeaderBlock block, HttpHeaderDict headers)
    {
        client.Open(new("GET", "/", "example.com", headers, default) { Block = block });
        string all = client.Written();
        Finish(client);
        return all[all.IndexOf(':', StringComparison.Ordinal)..];
    }

    private static int Length(Http2Client client, HttpHeaderDict headers, HeaderBlock? block, string target = "/")
    {
        client.Written();
        client.Open(new("GET", target, "example.com", headers, default) { Block = block });
        int length = client.Output.WrittenCount;
        client.Written();
        Finish(client);
        return length;
    }

    private static void Finish(Http2Client client)
    {
        foreach (Http2Stream stream in client.Session.Streams.ToArray())
            client.Receive(Frames.Headers(stream.Id, ":status: 204", end: true));
    }
}
