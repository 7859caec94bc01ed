using System.Buffers;
using System.Text;
using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies.Decoding;

public sealed class GzipDecodingTests
{
    private static readonly byte[] _foo = CodedSamples.Gzip("foo"u8);

    private static readonly byte[] _bar = CodedSamples.Gzip("bar"u8);

    public static TheoryData<int> PieceSizes => [int.MaxValue, 1, 2, 3, 7, 23, 24];

    [Theory]
    [MemberData(nameof(PieceSizes))]
    public void Members_one_after_the_other_are_one_body_DC09(int pieceSize) =>
        Assert.Equal("foobarfoo", Decode([.. _foo, .. _bar, .. CodedSamples.EmptyMember, .. _foo], pieceSize));

    [Theory]
    [MemberData(nameof(PieceSizes))]
    public void Garbage_after_the_last_member_is_ignored_DC03(int pieceSize)
    {
        Assert.Equal("foobar", Decode([.. _foo, .. _bar, .. "foo"u8], pieceSize));
        Assert.Equal("foobar", Decode([.. _foo, .. _bar, .. new byte[512]], pieceSize));
        Assert.Equal("foo", Decode([.. _foo, .. "foo"u8, .. _bar], pieceSize));
    }

    [Theory]
    [MemberData(nameof(PieceSizes))]
    public void A_cut_second_member_is_an_error_and_no_member_at_all_is_none(int pieceSize)
    {
        byte[] both = [.. _foo, .. _bar];
        Assert.Equal("foo", Decode(both[.._foo.Length], pieceSize));
        for (var length = _foo.Length + 1; length < both.Length; length++)
            Assert.Throws<DecodeException>(() => Decode(both[..length], pieceSize));
    }

    [Theory]
    [MemberData(nameof(PieceSizes))]
    public void A_wrong_checksum_or_length_is_an_error_in_every_member_DC10(int pieceSize)
    {
        for (var fromEnd = 1; fromEnd <= 8; fromEnd++)
        {
            var broken = (byte[])_foo.Clone();
            broken[^fromEnd] ^= 0x40;
            Assert.Throws<DecodeException>(() => Decode(broken, pieceSize));
            Assert.Throws<DecodeException>(() => Decode([.. _bar, .. broken], pieceSize));
            Assert.Throws<DecodeException>(() => Decode([.. broken, .. _bar], pieceSize));
        }
    }

    [Fact]
    public void A_body_short_of_nothing_but_the_last_zero_of_its_length_is_cut_DC10()
    {
        Assert.Equal(0, _foo[^1]);
        Assert.Throws<DecodeException>(() => Decode(_foo[..^1], int.MaxValue));
    }

    [Theory]
    [MemberData(nameof(PieceSizes))]
    public void Every_field_of_the_header_is_read_past(int pieceSize)
    {
        byte[] extra = [5, 0, 1, 2, 3, 4, 5];
        byte[] header = [0x1F, 0x8B, 8, 0x1C, 0, 0, 0, 0, 0, 255, .. extra, .. "name.txt\0"u8, .. "a comment\0"u8];
        Assert.Equal("foo", Decode([.. header, .. _foo[10..]], pieceSize));

        header[3] |= 0x02;
        var checksum = (ushort)Crc32(header);
        byte[] checkedHeader = [.. header, (byte)checksum, (byte)(checksum >> 8)];
        Assert.Equal("foo", Decode([.. checkedHeader, .. _foo[10..]], pieceSize));

        checkedHeader[^1] ^= 1;
        Assert.Throws<DecodeException>(() => Decode([.. checkedHeader, .. _foo[10..]], pieceSize));
    }

    [Theory]
    [InlineData(2, 7)]
    [InlineData(3, 0x20)]
    public void An_unknown_method_or_flag_is_an_error(int index, byte value)
    {
        var other = (byte[])_foo.Clone();
        other[index] = value;
        Assert.Throws<DecodeException>(() => Decode(other, int.MaxValue));
    }

    [Fact]
    public void An_endless_file_name_is_not_held()
    {
        byte[] header = [0x1F, 0x8B, 8, 0x08, 0, 0, 0, 0, 0, 255];
        var name = new byte[1_000_000];
        Array.Fill(name, (byte)'a');
        using var decoder = CodedSamples.Decoder("gzip");
        var destination = new byte[10];
        decoder.Decode(header, destination, out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var repeat = 0; repeat < 10; repeat++)
            decoder.Decode(name, destination, out _, out _);
        
        // Ten megabytes of name; what is allocated is the exceptions of the platform's strict mode, when that is switched on.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
        Assert.Throws<DecodeException>(decoder.Finish);
    }

    [Fact]
    public void A_million_empty_members_are_read_to_their_end_DC08()
    {
        byte[] body = [.. CodedSamples.Repeat(CodedSamples.EmptyMember, 1_000_000), .. _foo];
        Assert.Equal("foo", Decode(body, int.MaxValue));
        Assert.Equal("foo", Decode(body, 1000));
    }

    private static string Decode(byte[] body, int pieceSize)
    {
        using var decoder = CodedSamples.Decoder("gzip");
        return Encoding.ASCII.GetString(DecodeLoop.Read(decoder, body, () => pieceSize));
    }

    [Fact]
    public void A_buffer_is_given_back_once_however_often_the_decoder_is_disposed()
    {
        InflateDecoder decoder = InflateDecoder.Gzip();
        decoder.Decode(_foo, new byte[10], out _, out _);

        decoder.Dispose();
        decoder.Dispose();

        byte[][] rented = [.. Enumerable.Range(0, 10).Select(static _ => ArrayPool<byte>.Shared.Rent(8192))];
        Assert.Equal(rented.Length, rented.Distinct().Count());
        Assert.Throws<ObjectDisposedException>(() => decoder.Decode(_bar, new byte[10], out _, out _));
        foreach (byte[] array in rented)
            ArrayPool<byte>.Shared.Return(array);
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }

        return ~crc;
    }
}
