using System.Text;
using Urllib4.Managers;

namespace Urllib4.Tests.Managers;

public sealed class BodyCharsetTests
{
    [Theory]
    [InlineData("text/plain; charset=utf-8", "utf-8")]
    [InlineData("text/plain;charset=\"windows-1252\"", "windows-1252")]
    [InlineData("text/plain; CHARSET = 'gbk' ; x=y", "gb2312")]
    [InlineData("text/html; boundary=x; charset=Shift_JIS", "shift_jis")]
    [InlineData("charset; charset=koi8-r", "koi8-r")]
    [InlineData("; charset=big5", "big5")]
    [InlineData("text/plain; charset=gb18030", "gb18030")]
    [InlineData("text/plain; charset=euc-kr", "euc-kr")]
    [InlineData("text/plain; charset=iso-8859-1, text/html", "iso-8859-1")]
    [InlineData("text/plain; charset=iso-2022-jp", "iso-2022-jp")]
    public void The_charset_is_found_however_it_is_written(string contentType, string name) =>
        Assert.Equal(name, BodyCharset.Of(contentType).WebName);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("text/plain; charset")]
    [InlineData("text/plain; charset=")]
    [InlineData("text/plain; charset=\"")]
    [InlineData("text/plain; charset=utf-7")]
    [InlineData("text/plain; charset=unicode-1-1-utf-7")]
    [InlineData("text/plain; charset=UNKNOWN")]
    [InlineData("text/plain; charset=none")]
    [InlineData("text/plain; charset=x-cp50229")]
    [InlineData("text/plain; charset=%s")]
    [InlineData("text/plain; charset=utf8mb4")]
    [InlineData("text/plain; charset=\u00ff\u0001")]
    [InlineData("text/plain; charset=65001")]
    [InlineData(";;;;=;charset=,;")]
    public void Whatever_else_is_said_is_read_as_UTF_8(string? contentType) =>
        Assert.Equal("utf-8", BodyCharset.Of(contentType).WebName);

    [Fact]
    public void No_bytes_in_any_charset_of_the_platform_fail()
    {
        var random = new Random(21);
        string[] names = [.. CodePagesEncodingProvider.Instance.GetEncodings().Concat(Encoding.GetEncodings()).Select(static e => e.Name)];
        Assert.True(names.Length > 100);
        foreach (string name in names)
        {
            Encoding encoding = BodyCharset.Of($"text/plain; charset={name}");
            for (int round = 0; round < 20; round++)
            {
                byte[] bytes = new byte[random.Next(1, 300)];
                random.NextBytes(bytes);
                Assert.NotNull(encoding.GetString(bytes));
                ReadLines(encoding, bytes, random);
            }
        }
    }

    [Fact]
    public void The_process_is_left_as_it_was()
    {
        BodyCharset.Of("text/plain; charset=windows-1252");
        Assert.Throws<ArgumentException>(static () => Encoding.GetEncoding("windows-1252"));
    }

    private static void ReadLines(Encoding encoding, byte[] bytes, Random random)
    {
        var lines = new LineReader(encoding);
        for (int start = 0; start < bytes.Length;)
        {
            int count = Math.Min(random.Next(1, 20), bytes.Length - start);
            bytes.AsSpan(start, count).CopyTo(lines.Buffer);
            lines.Add(count);
            start += count;
            while (lines.Take(10_000) is not null)
            {
            }
        }

        while (lines.TakeLast(10_000) is not null)
        {
        }
    }
}
