using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Urllib4.Tests.Bodies;

public sealed partial class RequestBodyTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 100)]
    [InlineData(true, 100)]
    public async Task Bytes_are_given_as_they_are_at_every_opening(bool asynchronous, int bufferSize)
    {
        byte[] bytes = SourceStream.Expected(0, 250);
        var body = RequestBody.FromBytes(bytes.AsMemory(50), "a/b");
        Assert.Equal(bytes[50..], await body.Bytes(asynchronous, bufferSize));
        Assert.Equal(bytes[50..], await body.Bytes(asynchronous, bufferSize));
        Assert.Equal((200L, "a/b", true, null), (body.Length, body.ContentType, body.IsReplayable, body.ContentEncoding));
        Assert.Equal(bytes[50..], body.InMemory!.Value.ToArray());
        Assert.Null(body.GetTrailers());
    }

    [Fact]
    public async Task Text_is_measured_and_sent_in_UTF_8()
    {
        RequestBody body = "Ümläut €";
        Assert.Equal(Encoding.UTF8.GetBytes("Ümläut €"), await body.Bytes(asynchronous: false));
        Assert.Equal(12, body.Length);
        Assert.Equal("text/plain; charset=utf-8", body.ContentType);
        Assert.Null(RequestBody.FromString("x", contentType: null).ContentType);
        Assert.Equal(0, RequestBody.FromString("").Length);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused_IN_08()
    {
        foreach (var (text, index) in new[] { ("ab\uD83D", 2), ("\uDE00ab", 0) })
        {
            var refusal = Assert.Throws<InvalidRequestException>(() => RequestBody.FromString(text));
            Assert.Contains($"(at index {index})", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Json_is_compact_keeps_letters_and_names_its_type()
    {
        var body = RequestBody.Json(new Dictionary<string, object> { ["Attribute"] = "vælue €", ["n"] = new[] { 1, 2 } });
        Assert.Equal("{\"Attribute\":\"vælue €\",\"n\":[1,2]}", await body.Text());
        Assert.Equal("application/json", body.ContentType);
        Assert.Equal(36, body.Length);
    }

    [Fact]
    public async Task Json_names_properties_as_the_web_does_unless_told_otherwise()
    {
        Assert.Equal("{\"sku\":\"A-7\",\"count\":2}", await RequestBody.Json(new Order("A-7", 2)).Text());
        Assert.Equal("{\"Sku\":\"A-7\",\"Count\":2}", await RequestBody.Json(new Order("A-7", 2), JsonSerializerOptions.Default).Text());
        Assert.Equal("null", await RequestBody.Json<string?>(null).Text());
    }

    [Fact]
    public async Task Json_can_be_written_without_reflection()
    {
        var body = RequestBody.Json(new Order("A-7", 2), OrderJson.Default.Order);
        Assert.Equal("{\"Sku\":\"A-7\",\"Count\":2}", await body.Text());
        Assert.Equal("application/json", body.ContentType);
    }

    [Fact]
    public async Task Json_is_written_when_the_body_is_made()
    {
        var list = new List<int> { 1 };
        var body = RequestBody.Json(list);
        list.Add(2);
        Assert.Equal("[1]", await body.Text());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_factory_is_asked_for_every_attempt_and_its_streams_are_disposed(bool asynchronous)
    {
        var opened = new List<SourceStream>();
        var body = RequestBody.Create(() =>
        {
            opened.Add(new SourceStream(10));
            return opened[^1];
        }, 10, "a/b");
        Assert.Equal((10L, "a/b", true), (body.Length, body.ContentType, body.IsReplayable));
        Assert.Equal(SourceStream.Expected(0, 10), await body.Bytes(asynchronous));
        Assert.Equal(SourceStream.Expected(0, 10), await body.Bytes(asynchronous));
        Assert.Equal([1, 1], opened.Select(static stream => stream.Disposals));
    }

    [Fact]
    public void What_a_factory_does_wrong_is_told()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RequestBody.Create(() => Stream.Null, -1));
        Assert.Throws<InvalidRequestException>(() => RequestBody.Create(() => null!).Open());
        var own = new InvalidTimeZoneException();
        Assert.Same(own, Assert.Throws<InvalidTimeZoneException>(() => RequestBody.Create(() => throw own).Open()));
    }

    [Fact]
    public async Task Without_length_only_the_length_is_lost()
    {
        var body = RequestBody.FromString("xxxxxxxxxx").WithoutLength();
        Assert.Null(body.Length);
        Assert.Null(body.InMemory);
        Assert.Equal("text/plain; charset=utf-8", body.ContentType);
        Assert.True(body.IsReplayable);
        Assert.Equal("xxxxxxxxxx", await body.Text());
    }

    [Fact]
    public async Task A_caller_can_write_a_body_of_its_own()
    {
        Assert.Equal("own", await new OwnBody().Text());
        Assert.Null(new OwnBody().Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_is_opened_and_measured_afresh_for_every_attempt(bool asynchronous)
    {
        string path = Path.GetTempFileName();
        try
        {
            var body = RequestBody.FromFile(path, "a/b");
            await File.WriteAllTextAsync(path, "first");
            Assert.Equal((5L, "a/b", true), (body.Length, body.ContentType, body.IsReplayable));
            Assert.Equal("first", await body.Text(asynchronous));
            await File.WriteAllTextAsync(path, "and the second");
            Assert.Equal(14, body.Length);
            Assert.Equal("and the second", await body.Text(asynchronous));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<FileNotFoundException>(() => RequestBody.FromFile(path).Open());
        Assert.Throws<FileNotFoundException>(() => RequestBody.FromFile(path).Length);
    }

    internal sealed record Order(string Sku, int Count);

    [JsonSerializable(typeof(Order))]
    internal sealed partial class OrderJson : JsonSerializerContext;

    private sealed class OwnBody : RequestBody
    {
        protected internal override Stream Open() => new MemoryStream("own"u8.ToArray());
    }
}
