using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies.Decoding;

/// <summary>What every decoder owes, whatever its coding.</summary>
public sealed class ContentDecoderTests
{
    public static TheoryData<string> All => CodedSamples.All;

    public static TheoryData<string> Single => CodedSamples.Single;

    [Theory]
    [MemberData(nameof(All))]
    public void A_body_given_whole_is_decoded(string sample)
    {
        using var decoder = CodedSamples.Decoder(sample);
        Assert.Equal(CodedSamples.Text, DecodeLoop.Read(decoder, CodedSamples.Coded(sample)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_body_that_drips_in_byte_by_byte_is_decoded(string sample)
    {
        using var decoder = CodedSamples.Decoder(sample);
        Assert.Equal(CodedSamples.Text, DecodeLoop.Read(decoder, CodedSamples.Coded(sample), () => 1));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_reader_with_room_for_one_byte_gets_everything(string sample)
    {
        using var whole = CodedSamples.Decoder(sample);
        Assert.Equal(CodedSamples.Text, DecodeLoop.Read(whole, CodedSamples.Coded(sample), room: 1));
        using var dripping = CodedSamples.Decoder(sample);
        Assert.Equal(CodedSamples.Text, DecodeLoop.Read(dripping, CodedSamples.Coded(sample), () => 1, room: 1));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Splits_and_room_make_no_difference(string sample)
    {
        var coded = CodedSamples.Coded(sample);
        var random = new Random(20250101);
        for (var round = 0; round < 200; round++)
        {
            using var decoder = CodedSamples.Decoder(sample);
            var longest = random.Next(2, 600);
            Assert.Equal(CodedSamples.Text, DecodeLoop.Read(decoder, coded, () => random.Next(0, longest), random.Next(1, 9000)));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_strict_prefix_is_an_error_DC10(string sample)
    {
        var coded = CodedSamples.Coded(sample);
        for (var length = 1; length < coded.Length; length++)
        {
            using var whole = CodedSamples.Decoder(sample);
            Assert.Throws<DecodeException>(() => DecodeLoop.Read(whole, coded.AsSpan(0, length)));
        }

        using var dripping = CodedSamples.Decoder(sample);
        Assert.Throws<DecodeException>(() => DecodeLoop.Read(dripping, coded.AsSpan(0, coded.Length - 1), () => 1));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_body_without_a_byte_decodes_to_nothing(string sample)
    {
        using var decoder = CodedSamples.Decoder(sample);
        Assert.Empty(DecodeLoop.Read(decoder, []));
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("zlib", "deflate")]
    [InlineData("raw", "deflate")]
    [InlineData("br", "br")]
    [InlineData("zstd", "zstd")]
    [InlineData("gzip+br", "br")]
    public void An_error_names_the_coding(string sample, string coding)
    {
        using var cut = CodedSamples.Decoder(sample);
        var error = Assert.Throws<DecodeException>(() => DecodeLoop.Read(cut, CodedSamples.Coded(sample).AsSpan(0, 20)));
        Assert.Contains($"{coding} data", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zlib")]
    [InlineData("br")]
    [InlineData("zstd")]
    public void Data_of_another_format_is_an_error(string sample)
    {
        foreach (var other in (byte[][])[[.. "foo bar, not what was promised"u8], new byte[10], [.. Enumerable.Repeat((byte)0xFF, 50)]])
        {
            using var decoder = CodedSamples.Decoder(sample);
            var error = Assert.Throws<DecodeException>(() => DecodeLoop.Read(decoder, other));
            Assert.Equal(HttpPhase.Decode, error.Phase);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Corrupt_data_ends_in_a_decode_error_or_in_data_and_in_nothing_else_DC11(string sample)
    {
        var coded = CodedSamples.Coded(sample);
        var random = new Random(7);
        var errors = 0;
        for (var round = 0; round < 1500; round++)
        {
            var mutant = Mutate(coded, random);
            var errorOfWhole = ErrorOf(sample, mutant, null);
            errors += errorOfWhole is null ? 0 : 1;
            Assert.Equal(errorOfWhole is null, ErrorOf(sample, mutant, () => random.Next(1, 50)) is null);
        }

        // Raw deflate and brotli have no checksum, and some mutants of them are other texts.
        Assert.InRange(errors, 500, 1500);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zlib")]
    [InlineData("zstd")]
    public void A_flipped_bit_in_any_byte_of_data_or_checksum_is_noticed_or_harmless_DC10(string sample)
    {
        var coded = CodedSamples.Coded(sample);

        // The header of gzip has bytes that mean nothing for the data: time, extra flags, operating system.
        for (var index = 10; index < coded.Length; index++)
        {
            var mutant = (byte[])coded.Clone();
            mutant[index] ^= (byte)(1 << (index % 8));
            using var decoder = CodedSamples.Decoder(sample);
            var error = Record.Exception(() => Assert.Equal(CodedSamples.Text, DecodeLoop.Read(decoder, mutant)));
            Assert.True(error is null or DecodeException, $"byte {index}: {error}");
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zlib")]
    [InlineData("raw")]
    [InlineData("br")]
    public void Bytes_after_the_end_are_swallowed_DC03(string sample)
    {
        byte[] coded = [.. CodedSamples.Coded(sample), .. "\r\nfoo"u8, .. new byte[20_000]];
        using var whole = CodedSamples.Decoder(sample);
        Assert.Equal(CodedSamples.Text, DecodeLoop.Read(whole, coded));
        using var dripping = CodedSamples.Decoder(sample);
        Assert.Equal(CodedSamples.Text, DecodeLoop.Read(dripping, coded, () => 1));
    }

    [Theory]
    [MemberData(nameof(Single))]
    public void A_decoder_without_room_takes_and_gives_nothing(string sample)
    {
        using var decoder = CodedSamples.Decoder(sample);
        Assert.Equal(DecodeStatus.NeedOutput, decoder.Decode(CodedSamples.Coded(sample), [], out var consumed, out var written));
        Assert.Equal((0, 0), (consumed, written));
    }

    [Fact]
    public void After_the_end_everything_is_taken_though_there_is_no_room_DC03()
    {
        using var decoder = CodedSamples.Decoder("zlib");
        Assert.Equal(CodedSamples.Text, DecodeLoop.Read(decoder, CodedSamples.Coded("zlib")));
        Assert.Equal(DecodeStatus.Done, decoder.Decode("foo"u8, [], out var consumed, out var written));
        Assert.Equal((3, 0), (consumed, written));
    }

    [Theory]
    [MemberData(nameof(Single))]
    public void Asking_again_without_input_changes_nothing(string sample)
    {
        var coded = CodedSamples.Coded(sample);
        using var decoder = CodedSamples.Decoder(sample);
        var destination = new byte[CodedSamples.Text.Length + 1];
        Assert.Equal(DecodeStatus.NeedInput, decoder.Decode(coded.AsSpan(0, 30), destination, out _, out var start));
        for (var again = 0; again < 50; again++)
        {
            Assert.Equal(DecodeStatus.NeedInput, decoder.Decode([], destination.AsSpan(start), out _, out var more));
            Assert.Equal(0, more);
        }

        decoder.Decode(coded.AsSpan(30), destination.AsSpan(start), out _, out var rest);
        decoder.Finish();
        Assert.Equal(CodedSamples.Text, destination[..(start + rest)]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_decoder_can_be_disposed_at_any_time_and_twice_DC06(string sample)
    {
        var fresh = CodedSamples.Decoder(sample);
        fresh.Dispose();
        fresh.Dispose();

        var busy = CodedSamples.Decoder(sample);
        busy.Decode(CodedSamples.Coded(sample), new byte[100], out _, out _);
        busy.Dispose();
        busy.Dispose();
    }

    private static DecodeException? ErrorOf(string sample, byte[] body, Func<int>? pieceSize)
    {
        using var decoder = CodedSamples.Decoder(sample);
        try
        {
            DecodeLoop.Read(decoder, body, pieceSize);
            return null;
        }
        catch (DecodeException error)
        {
            return error;
        }
    }

    private static byte[] Mutate(byte[] coded, Random random)
    {
        var mutant = coded.ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(mutant.Count);
            switch (random.Next(4))
            {
                case 0:
                    mutant[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutant[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutant.RemoveAt(at);
                    break;
                default:
                    mutant.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. mutant];
    }
}
