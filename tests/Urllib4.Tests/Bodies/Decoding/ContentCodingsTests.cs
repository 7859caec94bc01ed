using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies.Decoding;

public sealed class ContentCodingsTests
{
    [Fact]
    public void Everything_that_is_asked_for_can_be_decoded_DC14()
    {
        foreach (var coding in ContentCodings.AcceptEncoding.Split(", "))
        {
            using var decoder = ContentDecoding.Parse([coding]).CreateDecoder();
            Assert.NotNull(decoder);
        }
    }

    [Fact]
    public void Zstd_is_asked_for_exactly_when_it_is_there()
    {
        Assert.StartsWith("gzip, deflate, br", ContentCodings.AcceptEncoding, StringComparison.Ordinal);
        Assert.Equal(ContentCodings.IsZstdAvailable, ContentCodings.AcceptEncoding.EndsWith(", zstd", StringComparison.Ordinal));
        Assert.Equal(ContentCodings.IsZstdAvailable, ContentDecoding.Parse(["zstd"]).IsNeeded);
    }
}
