using System.Text;
using Urllib4.Managers;

namespace Urllib4.Tests.Managers;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a|")]
    [InlineData("a\n", "a|")]
    [InlineData("a\r", "a|")]
    [InlineData("a\r\nb", "a|b|")]
    [InlineData("\r\n\r\n", "||")]
    [InlineData("\n\r", "||")]
    [InlineData("\r\r\n\n", "|||")]
    [InlineData("\uFEFFa\n\uFEFFb", "a|\uFEFFb|")]
    [InlineData("grüße\r\nжизнь\n😀", "grüße|жизнь|😀|")]
    public void Lines_are_the_same_whole_and_byte_by_byte(string text, string lines)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(lines, Read(bytes, Math.Max(bytes.Length, 1)));
        Assert.Equal(lines, Read(bytes, 1));
    }

    [Fact]
    public void A_character_that_is_cut_off_at_the_end_becomes_a_replacement() =>
        Assert.Equal("a\uFFFD|", Read([(byte)'a', 0xE2, 0x82], 1));

    [Theory]
    [InlineData("12345\n", 5, true)]
    [InlineData("123456\n", 5, false)]
    [InlineData("12345", 5, true)]
    [InlineData("123456", 5, false)]
    [InlineData("1\n2\n3\n4\n", 1, true)]
    public void The_limit_is_about_one_line_with_or_without_its_end(string text, int limit, bool passes)
    {
        foreach (int step in new[] { 1, 100 })
        {
            if (passes)
                Read(Encoding.UTF8.GetBytes(text), step, limit);
            else
                Assert.Throws<LimitExceededException>(() => Read(Encoding.UTF8.GetBytes(text), step, limit));
        }
    }

    [Fact]
    public void A_long_line_in_small_pieces_is_put_together()
    {
        string line = new('x', 100_000);

        Assert.Equal($"{line}|{line}|", Read(Encoding.UTF8.GetBytes($"{line}\n{line}"), 1000));
    }

    private static string Read(byte[] bytes, int step, int limit = int.MaxValue)
    {
        var reader = new LineReader(Encoding.UTF8);
        var lines = new StringBuilder();
        foreach (byte[] piece in bytes.Chunk(step))
        {
            piece.CopyTo(reader.Buffer, 0);
            reader.Add(piece.Length);
            while (reader.Take(limit) is { } line)
                lines.Append(line).Append('|');
        }

        while (reader.TakeLast(limit) is { } line)
            lines.Append(line).Append('|');
        return lines.ToString();
    }
}
