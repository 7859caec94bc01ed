using Urllib4.Managers;

namespace Urllib4.Tests.Managers;

public sealed class ContentRangeTests
{
    [Theory]
    [InlineData("bytes 0-0/1", 0, 0, 1)]
    [InlineData("Bytes 10-25/26", 10, 25, 26)]
    [InlineData("bytes 5-9/9223372036854775807", 5, 9, long.MaxValue)]
    public void A_range_is_read(string value, long first, long last, long complete) =>
        Assert.Equal(new ContentRange(first, last, complete), ContentRange.Parse(value));

    [Theory]
    [InlineData("")]
    [InlineData("bytes */26")]
    [InlineData("bytes 0-9/*")]
    [InlineData("bytes 9-0/26")]
    [InlineData("bytes 0-26/26")]
    [InlineData("bytes -5/26")]
    [InlineData("bytes 0-/26")]
    [InlineData("bytes +1-9/26")]
    [InlineData("bytes 0 - 9/26")]
    [InlineData("bytes 0-9/26, 10-12/26")]
    [InlineData("bytes 0-9/99999999999999999999")]
    [InlineData("bytes=0-9/26")]
    [InlineData("lines 0-9/26")]
    [InlineData("bytes 0/9-26")]
    public void What_nobody_could_rely_on_is_none(string value) => Assert.Null(ContentRange.Parse(value));
}
