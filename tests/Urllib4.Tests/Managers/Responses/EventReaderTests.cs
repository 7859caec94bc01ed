using System.Net.ServerSentEvents;
using System.Text;
using Urllib4.Managers;

namespace Urllib4.Tests.Managers;

public sealed class EventReaderTests
{
    [Theory]
    [InlineData("data: a\n\n")]
    [InlineData("data:a\n\ndata:  b\n\n")]
    [InlineData("data\n\n")]
    [InlineData("data:\n\n")]
    [InlineData("data\ndata\n\n")]
    [InlineData("data: a\ndata: b\ndata:\n\n")]
    [InlineData("event: x\ndata: a\n\ndata: b\n\n")]
    [InlineData("event:\ndata: a\n\n")]
    [InlineData("event\ndata: a\n\n")]
    [InlineData("id: 1\ndata: a\n\ndata: b\n\n")]
    [InlineData("id: 1\n\ndata: b\n\n")]
    [InlineData("id\ndata: b\n\n")]
    [InlineData("id: a\0b\ndata: b\n\n")]
    [InlineData("retry: 10\ndata: a\n\ndata: b\n\n")]
    [InlineData("retry: 10\n\ndata: b\n\n")]
    [InlineData("retry: -1\ndata: a\n\n")]
    [InlineData("retry: +1\ndata: a\n\n")]
    [InlineData("retry: 1.5\ndata: a\n\n")]
    [InlineData("retry: 99999999999999999999\ndata: a\n\n")]
    [InlineData("retry:\ndata: a\n\n")]
    [InlineData(": comment\n:\n\ndata: a\n\n")]
    [InlineData("DATA: a\n\nother: b\n\n\n\n")]
    [InlineData("data: never ended\n")]
    [InlineData("data: a\r\n\r\ndata: b\r\rdata: c\n\n")]
    [InlineData("\uFEFFdata: a\n\n\uFEFFdata: b\n\n")]
    public void A_stream_gives_the_events_that_the_platforms_parser_finds(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(SseParser.Create(new MemoryStream(bytes)).Enumerate().Select(Show), Read(bytes, 1000).Select(Show));

        static string Show(SseItem<string> item) => $"{item.EventType}|{item.Data}|{item.EventId ?? "-"}|{item.ReconnectionInterval}";
    }

    [Fact]
    public void A_type_without_data_is_not_that_of_the_next_event()
    {
        var reader = new EventReader(100);
        Assert.Null(reader.Take("event: x"));
        Assert.Null(reader.Take(""));
        Assert.Null(reader.Take("data: a"));
        Assert.Equal("message", reader.Take("")!.Value.EventType); // WHATWG HTML, section 9.2.6; the platform's parser keeps it
    }

    [Fact]
    public void An_event_may_be_as_long_as_the_limit_and_no_longer()
    {
        var reader = new EventReader(5);
        Assert.Null(reader.Take("data: ab"));
        Assert.Null(reader.Take("data: cd"));
        Assert.Equal("ab\ncd", reader.Take("")!.Value.Data);

        reader.Take("data: ab");
        LimitExceededException error = Assert.Throws<LimitExceededException>(() => reader.Take("data: cde"));
        Assert.Equal(("maxEventLength", 5L), (error.LimitName, error.Limit));
    }

    private static List<SseItem<string>> Read(byte[] bytes, int limit)
    {
        var lines = new LineReader(Encoding.UTF8);
        var reader = new EventReader(limit);
        var events = new List<SseItem<string>>();
        bytes.CopyTo(lines.Buffer, 0);
        lines.Add(bytes.Length);
        while ((lines.Take(limit) ?? lines.TakeLast(limit)) is { } line)
        {
            if (reader.Take(line) is { } item)
                events.Add(item);
        }

        return events;
    }
}
