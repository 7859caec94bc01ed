using System.IO.Compression;

namespace Urllib4.Tests.Bodies;

public sealed class CompressedBodyTests
{
    public static TheoryData<BodyCoding, bool, int> Cases
    {
        get
        {
            var cases = new TheoryData<BodyCoding, bool, int>();
            foreach (var coding in Enum.GetValues<BodyCoding>())
            {
                foreach (int length in (int[])[0, 1, 16 * 1024, 16 * 1024 + 1, 300_000])
                {
                    cases.Add(coding, false, length);
                    cases.Add(coding, true, length);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_is_compressed_is_decoded_to_the_same(BodyCoding coding, bool asynchronous, int length)
    {
        var source = new SourceStream(length, canSeek: true);
        var body = RequestBody.FromStream(source, "a/b").Compressed(coding);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            byte[] compressed = await body.Bytes(asynchronous, bufferSize: attempt == 0 ? 1000 : 1);
            Assert.Equal(SourceStream.Expected(0, length), Decode(coding, compressed));
        }

        Assert.True(asynchronous ? source.BlockingReads == 0 : source.AsynchronousReads == 0);
        Assert.Equal((null, "a/b", true), (body.Length, body.ContentType, body.IsReplayable));
        Assert.Null(body.InMemory);
    }

    [Theory]
    [InlineData(BodyCoding.Gzip, "1F8B08000000000000FF0300" + "0000000000000000")]
    [InlineData(BodyCoding.Deflate, "789C030000000001")]
    [InlineData(BodyCoding.Brotli, "06")]
    public async Task Nothing_is_compressed_to_a_frame_around_nothing(BodyCoding coding, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(await RequestBody.FromString("").Compressed(coding).Bytes(asynchronous: false)));

    [Fact]
    public void The_coding_is_told_and_a_second_one_comes_behind_the_first()
    {
        RequestBody body = "x";
        Assert.Equal("gzip", body.Compressed(BodyCoding.Gzip).ContentEncoding);
        Assert.Equal("deflate", body.Compressed(BodyCoding.Deflate).ContentEncoding);
        Assert.Equal("br", body.Compressed(BodyCoding.Brotli).ContentEncoding);
        Assert.Equal("br, gzip", body.Compressed(BodyCoding.Brotli).Compressed(BodyCoding.Gzip).WithoutLength().ContentEncoding);
    }

    [Fact]
    public void Unknown_codings_and_levels_are_refused()
    {
        RequestBody body = "x";
        Assert.Throws<ArgumentOutOfRangeException>(() => body.Compressed((BodyCoding)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => body.Compressed(BodyCoding.Gzip, (CompressionLevel)9));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_source_is_disposed_once_on_every_path(bool asynchronous)
    {
        var whole = new SourceStream(50_000);
        await RequestBody.Create(() => whole).Compressed(BodyCoding.Gzip).Bytes(asynchronous);
        Assert.Equal(1, whole.Disposals);

        var abandoned = new SourceStream(50_000);
        var stream = RequestBody.Create(() => abandoned).Compressed(BodyCoding.Gzip).Open();
        await BodyReading.Read(stream, new byte[1], asynchronous);
        await BodyReading.Dispose(stream, asynchronous);
        await BodyReading.Dispose(stream, asynchronous);
        Assert.Equal(1, abandoned.Disposals);

        var broken = new SourceStream(50_000, failAt: 40_000);
        var body = RequestBody.Create(() => broken).Compressed(BodyCoding.Gzip);
        Assert.Same(broken.Failure, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => body.Bytes(asynchronous)));
        Assert.Equal(1, broken.Disposals);
    }

    [Fact]
    public void Compressing_much_holds_little()
    {
        const long length = 64L << 20;
        var body = RequestBody.Create(() => new SourceStream(length)).Compressed(BodyCoding.Gzip, CompressionLevel.Fastest);
        var buffer = new byte[16 * 1024];
        using var stream = body.Open();
        Assert.NotEqual(0, stream.Read(buffer));
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (stream.Read(buffer) > 0)
        {
        }

        // A build without optimisation allocates the state of each turn, some 300 kB here.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static byte[] Decode(BodyCoding coding, byte[] compressed)
    {
        using var from = new MemoryStream(compressed);
        using Stream decoder = coding switch
        {
            BodyCoding.Gzip => new GZipStream(from, CompressionMode.Decompress),
            BodyCoding.Deflate => new ZLibStream(from, CompressionMode.Decompress),
            _ => new BrotliStream(from, CompressionMode.Decompress),
        };
        using var to = new MemoryStream();
        decoder.CopyTo(to);
        return to.ToArray();
    }
}
