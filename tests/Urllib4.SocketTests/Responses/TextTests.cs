using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

/// <summary>Bodies as text and JSON, whatever a server says of their charset (report 21).</summary>
public sealed partial class TextTests : ResponseTests
{
    private static readonly string[] _charsets =
    [
        "utf-8", "utf-7", "UNKNOWN", "", "\"", "\"\"", "''", "utf-8;charset=gbk", "windows-1252", "gbk", "shift_jis", "koi8-r", "big5",
        "iso-2022-jp", "hz-gb-2312", "utf-16", "utf-16BE", "utf-32", "x-user-defined", "x-cp50227", "binary", "\u00ff", "a\"b", new string('x', 5000),
    ];

    /// <summary>A text in a charset that the platform knows as a code page only.</summary>
    public static TheoryData<Mode, string, string> Texts() =>
    [
        .. from mode in Enum.GetValues<Mode>()
           from pair in new (string Charset, string Text)[]
           {
               ("windows-1252", "caf\u00e9 \u20ac"), ("gbk", "\u4f60\u597d"), ("gb18030", "\u4f60\u597d"), ("shift_jis", "\u65e5\u672c\u8a9e"),
               ("koi8-r", "\u043f\u0440\u0438\u0432\u0435\u0442"), ("windows-1251", "\u043f\u0440\u0438\u0432\u0435\u0442"),
               ("big5", "\u4f60\u597d"), ("euc-kr", "\ud55c\uad6d"), ("euc-jp", "\u65e5\u672c"), ("iso-8859-15", "\u20ac"),
               ("iso-2022-jp", "\u65e5\u672c"), ("utf-16", "caf\u00e9"), ("utf-8", "caf\u00e9"),
           }
           select new TheoryDataRow<Mode, string, string>(mode, pair.Charset, pair.Text),
    ];

    /// <summary>Every charset, with bytes that are nothing in most of them.</summary>
    public static TheoryData<Mode, string> Charsets() =>
        [.. from mode in Enum.GetValues<Mode>() from charset in _charsets select new TheoryDataRow<Mode, string>(mode, charset)];

    [Theory, MemberData(nameof(Texts))]
    public async Task A_text_is_read_in_its_charset(Mode mode, string charset, string text)
    {
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        string type = $"Content-Type: text/plain; charset={charset}\r\n";
        byte[] json = encoding.GetBytes($"\"{text}\"");
        using var server = Serve(Sized(encoding.GetBytes(text), type), Sized(encoding.GetBytes(text + "\n" + text), type), Sized(json, type));
        using var manager = new PoolManager();

        Assert.Equal(text, (await Get(mode, manager, server.Url)).Text());
        Assert.Equal([text, text], await Lines(mode, await Get(mode, manager, server.Url, Streamed)));
        Assert.Equal(text, (await Get(mode, manager, server.Url)).Json(TextJson.Default.String));
    }

    [Theory, MemberData(nameof(Charsets))]
    public async Task No_charset_makes_a_text_fail(Mode mode, string charset)
    {
        string type = $"Content-Type: text/plain; charset={charset}\r\n";
        byte[] bytes = [0x22, 0xFF, 0xFE, 0x80, 0xD8, 0x1B, 0x24, 0x42, 0x7E, 0x7B, 0x22, 0x0A, 0x00];
        using var server = Serve(Sized(bytes, type), Sized(bytes, type));
        using var manager = new PoolManager();

        UrllibResponse response = await Get(mode, manager, server.Url);
        Assert.NotNull(response.Text());
        Assert.True(Record.Exception(() => response.Json(TextJson.Default.String)) is null or JsonException);
        Assert.NotEmpty(await Lines(mode, await Get(mode, manager, server.Url, Streamed)));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Json_may_begin_with_a_byte_order_mark(Mode mode)
    {
        using var server = Serve(Sized([0xEF, 0xBB, 0xBF, (byte)'7'], "Content-Type: application/json\r\n"));
        using var manager = new PoolManager();

        Assert.Equal(7, (await Get(mode, manager, server.Url)).Json(TextJson.Default.Int32));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_page_instead_of_json_says_who_answered_and_how(Mode mode)
    {
        using var server = Serve(
            "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var manager = new PoolManager();
        UrllibResponse page = await Get(mode, manager, server.Url + "/api?key=secret", new() { Retries = Retry.None });
        UrllibResponse nothing = await Get(mode, manager, server.Url + "/api");

        JsonException error = Assert.Throws<JsonException>(() => page.Json(TextJson.Default.Int32));
        Assert.StartsWith(
            $"The body is not the expected JSON: {server.Url}/api?*** answered 502 with 'text/html'.", error.Message, StringComparison.Ordinal);
        Assert.IsType<JsonException>(error.InnerException);
        Assert.Equal(0, error.LineNumber);
        Assert.Contains("200 with content without a type", Assert.Throws<JsonException>(() => nothing.Json<int>()).Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Folded_lines_join_with_one_blank(Mode mode)
    {
        using var server = Serve(
            "HTTP/1.1 200 OK\r\nX-A: one \t\r\n \t two\r\n\tthree  \r\nX-B:\r\n  b\r\nX-C: c\r\n \r\nContent-Length: 0\r\n\r\n");
        using var manager = new PoolManager();

        UrllibResponse response = await Get(mode, manager, server.Url);

        Assert.Equal(("one two three", "b", "c"), (response.Headers["X-A"], response.Headers["X-B"], response.Headers["X-C"]));
    }

    [JsonSerializable(typeof(string))]
    [JsonSerializable(typeof(int))]
    private sealed partial class TextJson : JsonSerializerContext;
}
