using System.IO.Compression;
using System.Text;
using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies.Decoding;

/// <summary>One text in every coding, with the decoder that must give it back.</summary>
internal static class CodedSamples
{
    // "zstd -19 --check" of Text: the platform has no encoder of its own.
    private const string Zstd =
        "KLUv/QRofBIABvZkFZAnhRyA9bta5pnZVC6RLSswI+NrTmYAXQBaALNoHcZuvFXy1FH2aLuJOxbC5wYxmMTW0CI0xvyFdMU6ZycMzxDoYFNooYOUpwQ7JdeO" +
        "UsU5vjJmH4ZZ6Akp89fdi7Xjxm3StM3reYPDQvH6KDcAGiAYMBBQcCBAAgMIBhoUFBhAIPRDR55wXkJwCOIgtEhwqDScIRE6E4ZVsiC9CnPoXbrjTxtsidpC" +
        "Vuyr9f0ItxP0GGKWHPKmcakjRl5GEMfCIlSIeGflGoZUgZTJnEhCyVS+VXB6kaHe6ApFqeNr3/653oGLVjiOwU0ap20z22tv83YLDm4WahNvtF7WoqrGido0" +
        "adKm+V/586sP93hfqMsdM/3ridcdfsPZpY0+PnzaEGZuCWH8CB4hg4xFofMZx5TBnFm8kWrNGhPJVx/n8hi8GC3UKI4g9q0Y9URu5pvkT90Y31t9c4dZ8Duz" +
        "kDOxPKwfh0XZMM4Lm3RPsdXeO+HNOS84jMxCy8QhZD0ni850XN1NaiduXvfysfk4FiyNWciYBIErqBHQXMd5vwPR58oBESRYgRX8AX0uihGiq6oYIboqnhOi" +
        "K1WMEN1SxSgcF6OIrlQxQnRVVfguVYxQulLFCNFV6ZkQXaliFNGVgrUpsq4Ih9jpeo9c79H1Hrneo+s9dL1H13voeo+u19H1Hl2vo+s9urZH13t0bY+u9+jy" +
        "Hl3v0eU9ut6jdbeGP62NSbFBnbcb1SqraQ+rtYe1tYfV2sPa2sNq7eFqoa10CVeT1NQWBzrOC6DlAKoKRRAAN7plYwBiAGMAjeBLw0I2xDIR/TQiykVwDoxJ" +
        "ZWi2ivGOF3PGIjhcYaEV4kBFz5/RkZMrz0kfKmyW4UsO5zOBwSKBFjJQ/DF7ixktTY4XTrJQ3obC1y/ndRkcUVqoUrwQ7NVgVAtyGnKSkJIFDpP0DG90+HKd" +
        "6aRORc4PfSmh81FosNi1kK74Qdo7pNG+5SjtpLUaN46+ZnTeYYOjrIVixfPai2tUo3KqOkmqxMmPV3zMNRPB64SFmhCHQ/RliKjHwU0dk+bQNwaJtyEx9wNj" +
        "jhtPcrDMjYJfiz2v7OAQsYUSiyd1L9VRSZiTwpOElnAS/UrmuTQHT2QLJYtDLn11iVpGuNHIJAdROS7IW1vmniX4FrGQImIJlX5YiXJCOEfIpFMUXEt555M5" +
        "ZRIcNLHQEgkApn5ezcxcnAmew1ioMOKop+/IRE0ZbtyZtI7OUWLenjN3cIIfNhZyIxZr+pEmSnng/AmTOkHDdUJ4hyHMGRyCwxwstARxkISe0hCdR+DaCJPO" +
        "oMA5GF7Owny4ECxBwUIqiO+79+5oHYErmBHQBUjgBwARSAR0wR+5pjOma+/G/svNsFVarst3lkFpuS7fWQal5bp8ZxmUluvynWVQWq7Ld5ZBabku31kGpeW6" +
        "fGcZlJbr8p1lUFquy3eWQWm5Lt9ZBqXlunxnGZSW6/KdZVBarst3lkFVAvFK64k=";

    public static byte[] Text { get; } =
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"line {i} squared is {i * i}\n")));

    public static TheoryData<string> All => ["gzip", "zlib", "raw", "br", "zstd", "gzip+br", "deflate+gzip"];

    public static TheoryData<string> Single => ["gzip", "zlib", "raw", "br", "zstd"];

    public static byte[] Coded(string sample) => sample switch
    {
        "gzip" => Gzip(Text),
        "zlib" => Zlib(Text),
        "raw" => Raw(Text),
        "br" => Brotli(Text),
        "zstd" => Convert.FromBase64String(Zstd),
        "gzip+br" => Brotli(Gzip(Text)),
        "deflate+gzip" => Gzip(Zlib(Text)),
        _ => throw new ArgumentOutOfRangeException(nameof(sample)),
    };

    public static ContentDecoder Decoder(string sample)
    {
        var header = sample is "zlib" or "raw" ? "deflate" : sample.Replace('+', ',');
        var decoder = ContentDecoding.Parse([header]).CreateDecoder();
        Assert.NotNull(decoder);
        return decoder;
    }

    public static byte[] Gzip(ReadOnlySpan<byte> plain) => Packed(plain, static to => new GZipStream(to, CompressionLevel.Optimal, true));

    public static byte[] Zlib(ReadOnlySpan<byte> plain) => Packed(plain, static to => new ZLibStream(to, CompressionLevel.Optimal, true));

    public static byte[] Raw(ReadOnlySpan<byte> plain) => Packed(plain, static to => new DeflateStream(to, CompressionLevel.Optimal, true));

    public static byte[] Brotli(ReadOnlySpan<byte> plain) =>
        Packed(plain, static to => new BrotliStream(to, CompressionLevel.Optimal, true));

    /// <summary>A gzip member of nothing, which the platform's encoder does not write.</summary>
    public static byte[] EmptyMember { get; } = Convert.FromHexString("1F8B0800000000000003" + "0300" + "0000000000000000");

    public static byte[] Repeat(ReadOnlySpan<byte> piece, int count)
    {
        var all = new byte[piece.Length * count];
        for (var index = 0; index < count; index++)
            piece.CopyTo(all.AsSpan(index * piece.Length));
        return all;
    }

    private static byte[] Packed(ReadOnlySpan<byte> plain, Func<Stream, Stream> encoder)
    {
        using var packed = new MemoryStream();
        using (var stream = encoder(packed))
            stream.Write(plain);
        return packed.ToArray();
    }
}
