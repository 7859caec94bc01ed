using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

public sealed class HttpHeaderDictWireTests
{
    private const string Head =
        "Server: x\r\nSet-Cookie: a=1\r\nContent-Length:\t12 \r\nVary: A\r\nset-cookie: b=2\r\nVARY:B\r\nEmpty:\r\n";

    [Fact]
    public void Lookups_find_what_was_received_in_any_case()
    {
        var headers = FromWire(Head);

        Assert.Equal("x", headers["server"]);
        Assert.Equal("12", headers["Content-Length"]);
        Assert.Equal("A, B", headers["Vary"]);
        Assert.Equal("a=1", headers["Set-Cookie"]);
        Assert.Equal(["a=1", "b=2"], headers.GetAll("SET-COOKIE"));
        Assert.Equal("", headers["empty"]);
        Assert.True(headers.Contains("vary"));
        Assert.Null(headers["Content"]);
        Assert.Null(headers["Content-Length2"]);
        Assert.Null(headers["Content-Length:"]);
        Assert.Null(headers[""]);
        Assert.False(headers.Contains("12"));
    }

    [Fact]
    public void Every_answer_is_the_same_before_and_after_the_list_was_made()
    {
        var bytes = FromWire(Head);
        var list = FromWire(Head);
        Assert.Equal(7, list.Lines.Length);

        foreach (string name in (string[])["server", "SET-COOKIE", "content-length", "Vary", "empty", "Missing", "", "\u00E9"])
        {
            Assert.Equal(list[name], bytes[name]);
            Assert.Equal(list.GetAll(name), bytes.GetAll(name));
            Assert.Equal(list.Contains(name), bytes.Contains(name));
        }

        Assert.Equal(list, bytes);
        Assert.Equal(list.GetHashCode(), FromWire(Head).GetHashCode());
    }

    [Fact]
    public void Lines_come_in_the_order_and_spelling_received()
    {
        Assert.Equal(
            ["Server: x", "Set-Cookie: a=1", "Content-Length: 12", "Vary: A", "set-cookie: b=2", "VARY: B", "Empty: "],
            FromWire(Head).Select(line => $"{line.Key}: {line.Value}"));
        Assert.Equal(["Server", "Set-Cookie", "Content-Length", "Vary", "Empty"], FromWire(Head).Names);
    }

    [Fact]
    public void Every_byte_of_a_value_is_one_character()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(b => (byte)b).Where(b => b is not (0 or (byte)'\r' or (byte)'\n'))];
        var headers = HttpHeaderDict.FromWire((byte[])[.. "A: ["u8, .. all, .. "]\r\n"u8]);

        string expected = "[" + new string([.. all.Select(b => (char)b)]) + "]";
        Assert.Equal(expected, headers["a"]);
        Assert.Equal(expected, headers.Single().Value);
    }

    [Theory]
    [InlineData("A: 1\r\nB: 2\r\n")]
    [InlineData("A: 1\nB: 2\n")]
    [InlineData("A: 1\r\nB: 2")]
    public void A_bare_LF_and_the_end_of_the_block_end_a_line_too(string block)
    {
        Assert.Equal("2", FromWire(block)["B"]);
        Assert.Equal(["A: 1", "B: 2"], FromWire(block).Select(line => $"{line.Key}: {line.Value}"));
    }

    [Fact]
    public void An_empty_block_has_no_lines()
    {
        var headers = HttpHeaderDict.FromWire(default);

        Assert.Empty(headers);
        Assert.Equal(0, headers.Count);
        Assert.Equal(new HttpHeaderDict(), headers);
    }

    [Fact]
    public void Changing_received_headers_keeps_the_other_lines()
    {
        var headers = FromWire("A: 1\r\nB: 2\r\na: 3\r\n");

        headers["A"] = "4";
        headers.Add("C", "5");

        Assert.Equal(["A: 4", "B: 2", "C: 5"], headers.Select(line => $"{line.Key}: {line.Value}"));
        Assert.Equal("4", headers["a"]);
    }

    [Fact]
    public void A_clone_of_received_headers_is_independent()
    {
        var headers = FromWire("A: 1\r\n");
        var clone = headers.Clone();

        clone["A"] = "2";

        Assert.Equal("1", headers["A"]);
        Assert.Equal("2", clone["A"]);
        Assert.Equal("1", headers.AsReadOnly()["A"]);
    }

    [Fact]
    public void Frozen_received_headers_refuse_changes_and_still_answer()
    {
        var headers = FromWire(Head).Freeze();

        Assert.Throws<InvalidOperationException>(() => headers.Remove("Server"));
        Assert.Equal("x", headers["Server"]);
        Assert.Equal(7, headers.Lines.Length);
    }

    [Fact]
    public void The_raw_lookup_gives_the_first_line_without_its_blanks()
    {
        byte[] lines = Encoding.Latin1.GetBytes(Head);

        Assert.True(FieldLineReader.TryFind(lines, HeaderNames.ContentLengthBytes, out var length));
        Assert.True(length.SequenceEqual("12"u8));
        Assert.True(FieldLineReader.TryFind(lines, "set-cookie"u8, out var cookie));
        Assert.True(cookie.SequenceEqual("a=1"u8));
        Assert.False(FieldLineReader.TryFind(lines, HeaderNames.TransferEncodingBytes, out _));
    }

    [Fact]
    public void Text_escapes_what_a_terminal_would_obey_IN_12()
    {
        Assert.Equal("Server: \\x1b[2J\\xe9", FromWire("Server: \u001B[2J\u00E9\r\n").ToString());
    }

    [Fact]
    public void Untouched_headers_weigh_forty_eight_bytes_and_a_lookup_only_its_value()
    {
        ReadOnlyMemory<byte> block = Encoding.Latin1.GetBytes(Head);
        var headers = HttpHeaderDict.FromWire(block);
        _ = (headers["content-length"], headers.Contains("vary"));

        long before = GC.GetAllocatedBytesForCurrentThread();
        headers = HttpHeaderDict.FromWire(block);
        long made = GC.GetAllocatedBytesForCurrentThread();
        _ = (headers.Contains("vary"), headers["missing"]);
        long asked = GC.GetAllocatedBytesForCurrentThread();
        string? value = headers["content-length"];
        long read = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("12", value);
        Assert.InRange(made - before, 1, 48);
        Assert.Equal(0, asked - made);
        Assert.InRange(read - asked, 1, 32);
    }

    [Fact]
    public void Reading_the_lines_of_received_headers_allocates_nothing_more_the_second_time()
    {
        var headers = FromWire(Head);
        int length = headers.Lines.Length;

        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var (name, value) in headers.Lines)
            length += name.Length + value.Length;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(length > 7);
    }

    [Fact]
    public void Threads_that_read_the_same_untouched_headers_all_see_the_same_lines()
    {
        for (int round = 0; round < 50; round++)
        {
            var headers = FromWire(Head);
            var seen = new string[4][];
            var threads = new Thread[4];
            using var together = new Barrier(threads.Length);
            for (int i = 0; i < threads.Length; i++)
            {
                int me = i;
                threads[me] = new Thread(() =>
                {
                    together.SignalAndWait();
                    seen[me] = me % 2 == 0
                        ? [headers["Vary"]!, .. headers.GetAll("Set-Cookie"), .. headers.Names]
                        : [.. headers.Names, headers["Vary"]!, .. headers.GetAll("Set-Cookie")];
                });
                threads[me].Start();
            }

            foreach (var thread in threads)
                thread.Join();
            Assert.All(seen, answers => Assert.Equal(
                ["A, B", "Content-Length", "Empty", "Server", "Set-Cookie", "Vary", "a=1", "b=2"], answers.Order(StringComparer.Ordinal)));
            Assert.All(seen, answers => Assert.Contains(answers, answer => ReferenceEquals(answer, headers.Names[0])));
        }
    }

    private static HttpHeaderDict FromWire(string block) => HttpHeaderDict.FromWire(Encoding.Latin1.GetBytes(block));
}
