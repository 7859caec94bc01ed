using System.Security.Cryptography;

namespace Urllib4.Tests.Bodies;

public sealed class TrailingBodyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_checksum_taken_while_the_body_is_read_can_follow_it(bool asynchronous)
    {
        byte[] bytes = SourceStream.Expected(0, 10_000);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<ReadOnlyMemory<byte>> Hashed()
        {
            foreach (byte[] chunk in bytes.Chunk(999))
            {
                hash.AppendData(chunk);
                yield return chunk;
            }
        }

        var body = RequestBody.FromChunks(Hashed(), "a/b")
            .WithTrailers(() => new() { { "X-Sum", Convert.ToHexString(hash.GetHashAndReset()) } });
        for (int attempt = 0; attempt < 2; attempt++)
        {
            Assert.Equal(bytes, await body.Bytes(asynchronous));
            Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)), body.GetTrailers()!["x-sum"]);
        }

        Assert.Equal((null, "a/b", true), (body.Length, body.ContentType, body.IsReplayable));
    }

    [Fact]
    public void Trailers_need_chunks_and_survive_other_variations()
    {
        var body = RequestBody.FromString("x").WithTrailers(static () => new() { { "A", "b" } });
        Assert.Null(body.Length);
        Assert.Null(body.InMemory);
        Assert.Equal("b", body.Compressed(BodyCoding.Gzip).WithoutLength().GetTrailers()!["A"]);
    }

    [Theory]
    [InlineData("Content-Length")]
    [InlineData("transfer-encoding")]
    [InlineData("HOST")]
    [InlineData("Authorization")]
    [InlineData("Content-Type")]
    [InlineData("Trailer")]
    public void A_trailer_that_would_change_the_request_is_refused(string name)
    {
        var body = RequestBody.FromString("x").WithTrailers(() => new() { { name, "1" } });
        Assert.Throws<InvalidHeaderException>(() => body.GetTrailers());
    }

    [Fact]
    public void Trailers_are_announced_by_their_names()
    {
        RequestBody body = RequestBody.FromString("x").WithTrailers(static () => [], "X-Sum", "X-Other");
        Assert.Equal("X-Sum, X-Other", body.AnnouncedTrailers);
        Assert.Null(RequestBody.FromString("x").WithTrailers(static () => []).AnnouncedTrailers);
        Assert.Throws<InvalidHeaderException>(static () => RequestBody.FromString("x").WithTrailers(static () => [], "content-length"));
        Assert.Throws<InvalidHeaderException>(static () => RequestBody.FromString("x").WithTrailers(static () => [], "no token"));
    }
}
