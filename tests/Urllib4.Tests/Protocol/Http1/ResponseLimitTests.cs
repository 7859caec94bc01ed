using System.Buffers;
using System.Text;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Tests.Protocol.Http1;

public class ResponseLimitTests
{
    [Fact]
    [Trait("check", "LM-01")]
    public void A_head_may_have_as_many_bytes_as_the_limit_and_no_more()
    {
        const string head = "HTTP/1.1 204 X\r\nA: 123\r\n\r\n";
        Assert.True(Http1Player.Play(head, limits: new HttpLimits { MaxHeaderBytes = head.Length }).Complete);
        Played played = Http1Player.Play(head, limits: new HttpLimits { MaxHeaderBytes = head.Length - 1 });
        Assert.Equal("LimitExceededException MaxHeaderBytes", played.Error);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 ")]
    [InlineData("HTTP/1.1 200 OK\r\nA: ")]
    [InlineData("HTTP/1.1 200 OK\r\nA")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n ")]
    [Trait("check", "LM-01")]
    public void A_line_that_never_ends_is_cut_off(string beginning)
    {
        Played played = Http1Player.Play(beginning + new string('x', 200), limits: new HttpLimits { MaxHeaderBytes = 150 });
        Assert.Equal("LimitExceededException MaxHeaderBytes", played.Error);
    }

    [Fact]
    [Trait("check", "LM-01")]
    public void A_head_may_have_as_many_lines_as_the_limit_and_no_more()
    {
        var limits = new HttpLimits { MaxHeaderLines = 10 };
        string Lines(int count) => $"HTTP/1.1 204 X\r\n{string.Concat(Enumerable.Repeat("A: b\r\n", count - 1))} fold\r\n\r\n";
        Assert.True(Http1Player.Play(Lines(10), limits: limits).Complete);
        Assert.Equal("LimitExceededException MaxHeaderLines", Http1Player.Play(Lines(11), limits: limits).Error);
    }

    [Fact]
    [Trait("check", "LM-02")]
    public void Informational_responses_may_be_many_but_their_bytes_count()
    {
        const string early = "HTTP/1.1 102 Processing\r\n\r\n";
        string Heads(int count) => string.Concat(Enumerable.Repeat(early, count)) + "HTTP/1.1 204 X\r\n\r\n";
        Assert.True(Http1Player.Play(Heads(200)).Complete);
        Assert.Equal("LimitExceededException MaxHeaderBytes", Http1Player.Play(Heads((64 * 1024 / early.Length) + 1)).Error);
    }

    [Fact]
    [Trait("check", "LM-02")]
    public void The_bytes_of_informational_responses_count_with_those_of_the_final_one()
    {
        const string early = "HTTP/1.1 103 E\r\nLink: </a>\r\n\r\n";
        const string final = "HTTP/1.1 204 X\r\n\r\n";
        int all = early.Length * 2 + final.Length;
        Assert.True(Http1Player.Play(early + early + final, limits: new HttpLimits { MaxHeaderBytes = all }).Complete);
        foreach (int limit in new[] { all - 1, early.Length * 2, (early.Length * 2) - 1 })
        {
            Played played = Http1Player.Play(early + early + final, limits: new HttpLimits { MaxHeaderBytes = limit });
            Assert.Equal("LimitExceededException MaxHeaderBytes", played.Error);
        }
    }

    [Fact]
    [Trait("check", "LM-02")]
    public void The_lines_of_an_informational_response_are_counted_too()
    {
        string head = $"HTTP/1.1 103 E\r\n{string.Concat(Enumerable.Repeat("A: b\r\n", 11))}";
        Played played = Http1Player.Play(head, limits: new HttpLimits { MaxHeaderLines = 10 });
        Assert.Equal("LimitExceededException MaxHeaderLines", played.Error);
    }

    [Fact]
    public void What_one_exchange_used_up_is_given_back_to_the_next()
    {
        const string wire = "HTTP/1.1 103 E\r\n\r\nHTTP/1.1 204 X\r\nA: b\r\n\r\n";
        var session = new Http1Session(new HttpLimits { MaxHeaderBytes = wire.Length, MaxHeaderLines = 1 });
        for (int i = 0; i < 3; i++)
        {
            Ask(session);
            byte[] bytes = Encoding.ASCII.GetBytes(wire);
            Assert.Equal(HeadResult.Informational, session.ReceiveHead(bytes, out int consumed, out _));
            Assert.Equal(HeadResult.Final, session.ReceiveHead(bytes.AsSpan(consumed..), out _, out _));
            session.StartNext();
        }
    }

    [Fact]
    [Trait("check", "LM-10")]
    public void Bytes_that_come_one_at_a_time_allocate_nothing_before_the_head_is_complete()
    {
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nA: {new string('x', 4000)}\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("5;some=extension\r\nhello\r\n", 200)) + "0\r\nA: b\r\n\r\n");
        var session = new Http1Session(HttpLimits.Default);
        Deliver(session, head, body);
        (long heads, long bodies) = Deliver(session, head, body);

        // One ResponseHead with its bytes; and the trailers, which are kept as they came.
        Assert.InRange(heads, head.Length, head.Length + 256);
        Assert.InRange(bodies, 0, 1024);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nA: ", "\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0;", "\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: ", "\r\n\r\n")]
    [Trait("check", "LM-01")]
    public void Bytes_that_were_searched_for_a_line_end_are_not_searched_again(string beginning, string end)
    {
        byte[] wire = Encoding.ASCII.GetBytes($"{beginning}xxxx{end}");
        byte[] destination = new byte[16];
        var session = new Http1Session(HttpLimits.Default);
        Ask(session);
        HeadResult head = session.ReceiveHead(wire.AsSpan(..^end.Length), out int consumed, out _);
        if (head is HeadResult.Final)
        {
            session.ReceiveBody(wire.AsSpan(consumed..^end.Length), destination, out int more, out _);
            consumed += more;
        }

        // Whoever looked here again would now find a NUL, and refuse it.
        wire[beginning.Length + 1] = 0;
        if (head is HeadResult.Final)
            Assert.Equal(BodyResult.End, session.ReceiveBody(wire.AsSpan(consumed..), destination, out _, out _));
        else
            Assert.Equal(HeadResult.Final, session.ReceiveHead(wire, out _, out _));
    }

    private static (long Heads, long Bodies) Deliver(Http1Session session, byte[] head, byte[] body)
    {
        byte[] destination = new byte[1024];
        Ask(session);
        long start = GC.GetAllocatedBytesForCurrentThread();
        for (int length = 1; session.ReceiveHead(head.AsSpan(..length), out _, out _) is not HeadResult.Final; length++)
        {
        }

        long middle = GC.GetAllocatedBytesForCurrentThread();
        int from = 0;
        for (int to = 1; !session.IsResponseComplete; to++)
        {
            session.ReceiveBody(body.AsSpan(from..to), destination, out int consumed, out _);
            from += consumed;
        }

        long end = GC.GetAllocatedBytesForCurrentThread();
        session.StartNext();
        return (middle - start, end - middle);
    }

    private static void Ask(Http1Session session) =>
        session.SendHead(new RequestHead("GET", "/", "a", new HttpHeaderDict(), BodyFraming.None), new ArrayBufferWriter<byte>());
}
