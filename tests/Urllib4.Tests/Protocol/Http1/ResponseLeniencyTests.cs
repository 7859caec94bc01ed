using System.Text;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Tests.Protocol.Http1;

/// <summary>Each flag forgives what it names, and nothing else does (report 20).</summary>
public sealed class ResponseLeniencyTests
{
    private const ResponseLeniency All = ResponseLeniency.BareLineFeed | ResponseLeniency.LineWithoutName | ResponseLeniency.BlankBeforeColon
        | ResponseLeniency.ContentLengthBesideChunked | ResponseLeniency.ChunkedTwice | ResponseLeniency.IdentityTransferCoding;

    /// <summary>What is forgiven, the bytes, the body, and whether the connection may be used again.</summary>
    public static TheoryData<ResponseLeniency, string, string, bool> Forgiven => new()
    {
        { ResponseLeniency.BareLineFeed, "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "ok", true },
        { ResponseLeniency.BareLineFeed, "HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nok", "ok", true },
        { ResponseLeniency.BareLineFeed, "HTTP/1.1 200\nA: b\n c\nContent-Length: 2\r\n\nok", "ok", true },
        { ResponseLeniency.BareLineFeed, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\r\nok\r\n0\r\n\r\n", "ok", true },
        { ResponseLeniency.BareLineFeed, "HTTP/1.1 100 C\n\nHTTP/1.1 204 N\n\n", "", true },
        { ResponseLeniency.LineWithoutName, "HTTP/1.1 200 OK\r\ngarbage\r\nContent-Length: 2\r\n\r\nok", "ok", true },
        { ResponseLeniency.LineWithoutName, "HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 2\r\n\r\nok", "ok", true },
        { ResponseLeniency.LineWithoutName, "HTTP/1.1 200 OK\r\ntwo words\r\n more: x\r\nContent-Length: 2\r\n\r\nok", "ok", true },
        { ResponseLeniency.LineWithoutName, "HTTP/1.1 200 OK\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", true },
        { ResponseLeniency.BlankBeforeColon, "HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 2\r\n\r\nok", "ok", true },
        { ResponseLeniency.BlankBeforeColon, "HTTP/1.1 200 OK\r\nContent-Length \t: 2\r\n\r\nok", "ok", false },
        { ResponseLeniency.BlankBeforeColon, "HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok", false },
        {
            ResponseLeniency.ContentLengthBesideChunked,
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok", false
        },
        {
            ResponseLeniency.ContentLengthBesideChunked,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok", false
        },
        { ResponseLeniency.ChunkedTwice, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok", false },
        {
            ResponseLeniency.ChunkedTwice,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok", false
        },
        { ResponseLeniency.IdentityTransferCoding, "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok", "ok", false },
        {
            ResponseLeniency.IdentityTransferCoding,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok", false
        },
    };

    [Theory, MemberData(nameof(Forgiven))]
    public void A_flag_forgives_what_it_names(ResponseLeniency leniency, string wire, string body, bool canReuse)
    {
        foreach (ResponseLeniency forgiving in new[] { leniency, All })
        {
            Played played = Http1Player.Play(wire, leniency: forgiving);
            Assert.Equal((null, body, true, canReuse), (played.Error, played.Body, played.Complete, played.CanReuse));
        }
    }

    [Theory, MemberData(nameof(Forgiven))]
    public void Without_its_flag_it_is_an_error(ResponseLeniency leniency, string wire, string body, bool canReuse)
    {
        _ = (body, canReuse);
        Assert.StartsWith("ProtocolException", Http1Player.Play(wire).Error, StringComparison.Ordinal);
        Assert.StartsWith("ProtocolException", Http1Player.Play(wire, leniency: All & ~leniency).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\rc\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\0c\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nBad Name: x\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length : 1\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\n0\n\n")]
    [InlineData("HTTP/1.1 200 OK\r\n X: y\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n 2\r\n\r\nok")]
    public void What_no_flag_names_stays_an_error(string wire) => Assert.NotNull(Http1Player.Play(wire, leniency: All).Error);

    [Fact]
    public void What_is_kept_is_in_the_usual_form_and_what_is_dropped_is_counted()
    {
        ResponseHead head = Parse("HTTP/1.1 200 OK\nA \t: b \n  c\ngarbage\n folded: onto it\n: x\nD:e\n\n");

        Assert.Equal("A: b c|D: e", string.Join("|", head.Headers.Select(static h => $"{h.Key}: {h.Value}")));
        Assert.Equal(2, head.DroppedLines);
        Assert.True(head.Has("A"u8));
    }

    [Fact]
    public void A_length_that_does_not_count_is_not_announced()
    {
        ResponseHead head = Parse("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n");

        Assert.Equal((null, true, false), (head.ContentLength, head.IsChunked, head.KeepAlive));
    }

    [Theory]
    [InlineData("Content-Length: 2\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n", false)]
    [InlineData("Content-Length: 0\r\n", true)]
    [InlineData("", true)]
    public void A_204_that_announces_a_body_is_the_last_response_of_its_connection(string framing, bool canReuse)
    {
        Played played = Http1Player.Play($"HTTP/1.1 204 No Content\r\n{framing}\r\n");
        Assert.Equal((null, true, canReuse), (played.Error, played.Complete, played.CanReuse));
        Assert.True(Http1Player.Play("HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n").CanReuse);
    }

    private static ResponseHead Parse(string wire) =>
        new Http1HeadParser(HttpLimits.Default, All).Parse(Encoding.Latin1.GetBytes(wire), out _) ?? throw new InvalidOperationException();
}
