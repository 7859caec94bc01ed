using System.Buffers;
using System.Text;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Tests.Protocol;

public class RequestHeadTests
{
    [Fact]
    public void A_head_is_the_request_line_Host_the_headers_as_given_and_a_blank_line()
    {
        string wire = Send("GET", "/a?b=c", headers: [("X-b", "2"), ("x-A", " 1 \t"), ("X-B", "3"), ("Sch", "\u00f6\u00ff\tx"), ("E", "")]);
        Assert.Equal("GET /a?b=c HTTP/1.1\r\nHost: example.com\r\nX-b: 2\r\nx-A: 1\r\nX-B: 3\r\nSch: \u00f6\u00ff\tx\r\nE: \r\n\r\n", wire);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("HEAD", "")]
    [InlineData("DELETE", "")]
    [InlineData("OPTIONS", "")]
    [InlineData("TRACE", "")]
    [InlineData("post", "")]
    [InlineData("POST", "Content-Length: 0\r\n")]
    [InlineData("PUT", "Content-Length: 0\r\n")]
    [InlineData("PATCH", "Content-Length: 0\r\n")]
    public void Without_a_body_only_the_methods_that_expect_one_say_so(string method, string field)
    {
        Assert.Equal($"{method} / HTTP/1.1\r\nHost: example.com\r\n{field}\r\n", Send(method));
        Assert.True(Session(method).IsRequestComplete);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public void An_announced_length_is_written_also_when_it_is_zero(string method)
    {
        Assert.EndsWith("\r\nContent-Length: 0\r\n\r\n", Send(method, framing: BodyFraming.OfLength(0)));
        Assert.EndsWith("\r\nContent-Length: 9223372036854775807\r\n\r\n", Send(method, framing: BodyFraming.OfLength(long.MaxValue)));
    }

    [Fact]
    public void Chunks_are_announced() =>
        Assert.EndsWith("\r\nTransfer-Encoding: chunked\r\n\r\n", Send("POST", framing: BodyFraming.Chunked));

    [Fact]
    public void Host_comes_first_and_the_one_of_the_caller_wins() =>
        Assert.Equal("GET / HTTP/1.1\r\nHost: other:81\r\nA: b\r\n\r\n", Send("GET", headers: [("A", "b"), ("hOsT", "other:81")]));

    [Fact]
    public void A_header_that_is_to_be_skipped_is_not_sent_not_even_Host()
    {
        string skip = HttpHeaderDict.SkipHeader;
        string wire = Send("GET", headers: [("User-Agent", skip), ("A", "b"), ("accept-encoding", skip), ("HOST", skip)]);
        Assert.Equal("GET / HTTP/1.1\r\nA: b\r\n\r\n", wire);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/?q")]
    [InlineData("GET", "//x")]
    [InlineData("GET", "http://example.com/a?b")]
    [InlineData("GET", "/a://b")]
    [InlineData("OPTIONS", "*")]
    [InlineData("OPTIONS", "http://example.com")]
    [InlineData("CONNECT", "example.com:443")]
    [InlineData("CONNECT", "[::1]:443")]
    public void Every_form_of_target_may_be_sent(string method, string target) =>
        Assert.StartsWith($"{method} {target} HTTP/1.1\r\n", Send(method, target));

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "*")]
    [InlineData("GET", "a")]
    [InlineData("GET", "example.com:443")]
    [InlineData("GET", "/a://b/../c#d")]
    [InlineData("GET", "?a=http://b")]
    [InlineData("GET", "a/b://c")]
    [InlineData("CONNECT", "/")]
    [InlineData("CONNECT", "example.com")]
    [InlineData("CONNECT", "example.com:")]
    [InlineData("CONNECT", "user@example.com:443")]
    [InlineData("CONNECT", "http://example.com:443")]
    public void A_target_in_no_form_of_its_method_is_refused(string method, string target) => AssertRefused(method, target);

    [Theory]
    [InlineData("GET /x HTTP/1.1\r\nA:")]
    [InlineData("")]
    [InlineData("G T")]
    [InlineData("GET\r")]
    [InlineData("GET\n")]
    [InlineData("GET\0")]
    [InlineData("G\u00c9T")]
    [InlineData("GET:")]
    [Trait("check", "IN-01")]
    public void A_method_that_is_no_token_is_refused_and_nothing_is_written(string method) => AssertRefused(method);

    [Fact]
    [Trait("check", "IN-02")]
    public void A_target_with_a_blank_a_control_or_a_byte_above_ASCII_is_refused_and_nothing_is_written()
    {
        foreach (char c in Enumerable.Range(0, 0x21).Append(0x7f).Append('#').Concat(Enumerable.Range(0x80, 0x100)).Select(i => (char)i))
            AssertRefused("GET", $"/a{c}b", $"U+{(int)c:X4} at index 2");
        for (char c = '!'; c <= '~'; c++)
        {
            if (c != '#')
                Assert.Equal(2, Send("GET", $"/a{c}b").Split("\r\n")[0].Count(' '.Equals));
        }
    }

    [Fact]
    [Trait("check", "IN-03")]
    public void A_value_with_a_control_other_than_the_tab_is_refused_with_its_place()
    {
        foreach (char c in Enumerable.Range(0, 0x20).Append(0x7f).Select(i => (char)i).Where(c => c != '\t'))
        {
            InvalidHeaderException error = AssertHeaderRefused(("X", $"ab{c}d"));
            Assert.Equal(("X", 2), (error.Name, error.Position));
        }
    }

    [Fact]
    [Trait("check", "IN-03")]
    public void A_value_above_ASCII_is_sent_as_one_byte_for_each_character()
    {
        string value = string.Concat(Enumerable.Range('!', 94).Concat(Enumerable.Range(0x80, 0x80)).Select(i => (char)i));
        Assert.Contains($"\r\nX: a{value}z\r\n", Send("GET", headers: [("X", $"a{value}z")]));
    }

    [Fact]
    [Trait("check", "IN-03")]
    public void A_received_value_with_a_control_is_not_sent_on()
    {
        var received = HttpHeaderDict.FromWire("A: b\r\nX: a\u001bb\r\n"u8.ToArray());
        var output = new ArrayBufferWriter<byte>();
        var head = new RequestHead("GET", "/", "a", received, BodyFraming.None);
        var error = Assert.Throws<InvalidHeaderException>(() => new Http1Session(HttpLimits.Default).SendHead(head, output));
        Assert.Equal(("X", 1, 0), (error.Name, error.Position, output.WrittenCount));
    }

    [Fact]
    [Trait("check", "IN-03")]
    public void A_name_that_is_no_token_is_refused_with_its_place()
    {
        const string tokens = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (char c = '\0'; c < 0x180; c++)
        {
            if (tokens.Contains(c))
                Assert.Contains($"\r\na{c}b: 1\r\n", Send("GET", headers: [($"a{c}b", "1")]));
            else
                Assert.Equal(1, AssertHeaderRefused(($"a{c}b", "1")).Position);
        }

        AssertHeaderRefused(("", "1"));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("example.com:8080")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("a_b.example")]
    [InlineData("127.0.0.1:80")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:1.2.3.4]:65535")]
    [Trait("check", "IN-04")]
    public void A_host_with_or_without_port_may_be_sent(string host)
    {
        Assert.Contains($"\r\nHost: {host}\r\n", Send("GET", host: host));
        Assert.Contains($"\r\nHost: {host}\r\n", Send("GET", headers: [("Host", host)]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("user@a")]
    [InlineData("http://a")]
    [InlineData("a:b")]
    [InlineData("a:")]
    [InlineData("a:65536")]
    [InlineData("a:000080")]
    [InlineData("a:99999999999")]
    [InlineData("a:80:80")]
    [InlineData("a:+80")]
    [InlineData(":80")]
    [InlineData("::1")]
    [InlineData("[::1")]
    [InlineData("[]")]
    [InlineData("[::1%25eth0]")]
    [InlineData("[fe80::1%25eth0]")]
    [InlineData("[fe80::1%eth0]:80")]
    [InlineData("[::1]x")]
    [InlineData("b\u00fccher.example")]
    [InlineData("a\\b")]
    [Trait("check", "IN-04")]
    public void A_Host_that_is_no_authority_is_refused(string host)
    {
        AssertRefused(host: host);
        AssertHeaderRefused(("Host", host));
    }

    [Theory]
    [InlineData("Connection", "a b")]
    [InlineData("Connection", "")]
    [InlineData("Connection", "close,")]
    [InlineData("Connection", "close;x")]
    [InlineData("Upgrade", "web socket")]
    [InlineData("Upgrade", "")]
    [InlineData("Upgrade", "h2c/")]
    [InlineData("Upgrade", "/1")]
    [InlineData("Upgrade", "a/b/c")]
    [Trait("check", "IN-06")]
    public void Connection_and_Upgrade_are_lists_of_tokens(string name, string value)
    {
        if (name == "Upgrade")
            AssertHeaderRefused((name, value), ("Connection", "upgrade"));
        else
            AssertHeaderRefused((name, value));
    }

    [Fact]
    [Trait("check", "IN-06")]
    public void Upgrade_has_to_be_named_in_Connection_and_TE_is()
    {
        Assert.Equal("Upgrade", AssertHeaderRefused(("Upgrade", "websocket")).Name);
        Assert.Equal("Upgrade", AssertHeaderRefused(("Upgrade", "websocket"), ("Connection", "upgraded")).Name);
        Assert.EndsWith(
            "TE: trailers\r\nConnection: TE\r\n\r\n", Send("GET", headers: [("TE", "trailers")]), StringComparison.Ordinal);
        Assert.EndsWith(
            "TE: trailers\r\nConnection: close\r\nConnection: TE\r\n\r\n",
            Send("GET", headers: [("TE", "trailers"), ("Connection", "close")]),
            StringComparison.Ordinal);
        Send("GET", headers: [("Upgrade", "websocket, foo/2"), ("TE", "Trailers"), ("Connection", "te , UPGRADE")]);
    }

    [Theory]
    [InlineData("chunked")]
    [InlineData("gzip")]
    [InlineData("trailers, deflate;q=0.5")]
    [Trait("check", "IN-06")]
    public void TE_asks_for_trailers_and_for_nothing_we_could_not_undo(string value) =>
        Assert.Equal("TE", AssertHeaderRefused(("TE", value), ("Connection", "TE")).Name);

    [Theory]
    [InlineData("Content-Length", "0")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Connection", "close")]
    [InlineData("Host", "a")]
    [InlineData("Upgrade", "a")]
    [InlineData("TE", "trailers")]
    [InlineData("Expect", "x")]
    [Trait("check", "IN-07")]
    public void A_field_that_steers_the_message_may_be_given_once_in_whatever_case(string name, string value)
    {
        InvalidHeaderException error = AssertHeaderRefused((name, value), ("X", "y"), (name.ToUpperInvariant(), value));
        Assert.Equal(name.ToUpperInvariant(), error.Name);
        Assert.Contains("more than once", error.Message);
    }

    [Theory]
    [InlineData("11")]
    [InlineData("9")]
    [InlineData("+10")]
    [InlineData("0xA")]
    [InlineData("10, 10")]
    [InlineData("")]
    [InlineData("1 0")]
    [Trait("check", "IN-07")]
    public void A_length_of_the_caller_has_to_be_that_of_the_body(string value)
    {
        AssertRefused("PUT", framing: BodyFraming.OfLength(10), headers: [("content-length", value)]);
    }

    [Theory]
    [InlineData("content-length")]
    [InlineData("Content-Length")]
    [InlineData("CONTENT-LENGTH")]
    [Trait("check", "IN-07")]
    public void A_length_of_the_caller_stands_where_it_was_given_and_is_not_written_again(string name)
    {
        string wire = Send("PUT", framing: BodyFraming.OfLength(10), headers: [(name, "10"), ("A", "b")]);
        Assert.Equal($"PUT / HTTP/1.1\r\nHost: example.com\r\n{name}: 10\r\nA: b\r\n\r\n", wire);
        Assert.EndsWith("\r\nContent-Length: 0\r\n\r\n", Send("GET", headers: [("Content-Length", "0")]));
    }

    [Theory]
    [InlineData("transfer-encoding")]
    [InlineData("Transfer-Encoding")]
    [Trait("check", "IN-07")]
    public void A_transfer_coding_of_the_caller_is_kept_if_it_is_what_is_done(string name)
    {
        string wire = Send("PUT", framing: BodyFraming.Chunked, headers: [(name, "Chunked")]);
        Assert.Equal($"PUT / HTTP/1.1\r\nHost: example.com\r\n{name}: Chunked\r\n\r\n", wire);
        AssertRefused("PUT", framing: BodyFraming.Chunked, headers: [(name, "gzip, chunked")]);
        AssertRefused("PUT", framing: BodyFraming.Chunked, headers: [(name, "identity")]);
        AssertRefused("PUT", framing: BodyFraming.OfLength(1), headers: [(name, "chunked")]);
        AssertRefused("PUT", headers: [(name, "chunked")]);
    }

    [Fact]
    [Trait("check", "IN-07")]
    public void A_length_and_chunks_are_never_sent_together()
    {
        AssertRefused("PUT", framing: BodyFraming.Chunked, headers: [("Content-Length", "0")]);
        AssertRefused("PUT", framing: BodyFraming.Chunked, headers: [("Content-Length", "0"), ("Transfer-Encoding", "chunked")]);
    }

    [Theory]
    [InlineData("CONNECT", "a:1")]
    [InlineData("TRACE", "/")]
    [Trait("check", "PX-11")]
    public void CONNECT_and_TRACE_have_neither_body_nor_framing(string method, string target)
    {
        AssertRefused(method, target, framing: BodyFraming.OfLength(0));
        AssertRefused(method, target, framing: BodyFraming.Chunked);
        AssertRefused(method, target, headers: [("Content-Length", "0")]);
    }

    [Theory]
    [InlineData("\u010d\u010a")]
    [InlineData("\u0100")]
    [InlineData("\u2028")]
    [InlineData("\ud83d")]
    [InlineData("\ud83d\ude00")]
    [Trait("check", "IN-08")]
    public void A_character_that_would_be_narrowed_is_refused_everywhere(string text)
    {
        AssertRefused($"GET{text}");
        AssertRefused("GET", $"/{text}");
        AssertRefused(host: $"a{text}");
        Assert.Equal(1, AssertHeaderRefused(("X", $"a{text}")).Position);
        Assert.Equal(1, AssertHeaderRefused(($"X{text}", "a")).Position);
    }

    [Fact]
    [Trait("check", "IN-13")]
    public void Neither_values_nor_targets_are_shown()
    {
        Assert.DoesNotContain("hush", AssertHeaderRefused(("Authorization", "Bearer hush\n")).Message);
        Assert.DoesNotContain("hush", AssertRefused("GET", "/?token=hush\n").Message);
        Assert.DoesNotContain("\n", AssertHeaderRefused(("A\nb", "c")).Message);
    }

    [Fact]
    public void Expect_needs_a_body_to_wait_for()
    {
        AssertHeaderRefused(("Expect", "100-Continue"));
        AssertRefused("PUT", framing: BodyFraming.OfLength(0), headers: [("Expect", "100-continue")]);
        Assert.Contains("Expect: 100-continue", Send("PUT", framing: BodyFraming.OfLength(1), headers: [("Expect", "100-continue")]));
    }

    [Fact]
    public void After_a_refused_head_another_may_be_sent()
    {
        var session = new Http1Session(HttpLimits.Default);
        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<InvalidRequestException>(() => session.SendHead(Head("G T", "/", [], BodyFraming.None), output));
        session.SendHead(Head("GET", "/", [], BodyFraming.None), output);
        Assert.True(session.IsRequestComplete);
    }

    private static string Send(
        string method,
        string target = "/",
        string host = "example.com",
        BodyFraming framing = default,
        params (string Name, string Value)[] headers)
    {
        if (method == "CONNECT" && target == "/")
            target = "a:1";
        RequestHead head = Head(method, target, headers, framing) with { Host = host };
        string written = Written(head);
        Assert.Equal(written, Written(Ready(head)));
        return written;
    }

    private static string Written(RequestHead head)
    {
        var output = new ArrayBufferWriter<byte>();
        new Http1Session(HttpLimits.Default).SendHead(head, output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }

    private static RequestHead Ready(RequestHead head) => head with { Block = new HeaderBlock(head.Headers) };

    private static Http1Session Session(string method)
    {
        var session = new Http1Session(HttpLimits.Default);
        session.SendHead(Head(method, "/", [], BodyFraming.None), new ArrayBufferWriter<byte>());
        return session;
    }

    private static RequestHead Head(string method, string target, (string Name, string Value)[] headers, BodyFraming framing)
    {
        var fields = new HttpHeaderDict();
        foreach ((string name, string value) in headers)
            fields.Add(name, value);
        return new RequestHead(method, target, "example.com", fields, framing);
    }

    private static InvalidHeaderException AssertHeaderRefused(params (string Name, string Value)[] headers) =>
        Assert.IsType<InvalidHeaderException>(AssertRefused(headers: headers));

    private static InvalidRequestException AssertRefused(
        string method = "GET",
        string target = "/",
        string message = "",
        string host = "example.com",
        BodyFraming framing = default,
        params (string Name, string Value)[] headers)
    {
        var output = new ArrayBufferWriter<byte>();
        RequestHead Refused() => Head(method, target, headers, framing) with { Host = host };
        void Send(RequestHead head) => new Http1Session(HttpLimits.Default).SendHead(head, output);
        var error = Assert.ThrowsAny<InvalidRequestException>(() => Send(Refused()));
        Assert.Equal(error.Message, Assert.ThrowsAny<InvalidRequestException>(() => Send(Ready(Refused()))).Message);
        Assert.Equal(0, output.WrittenCount);
        Assert.Contains(message, error.Message);
        return error;
    }
}
