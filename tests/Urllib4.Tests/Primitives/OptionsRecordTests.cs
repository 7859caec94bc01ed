using Urllib4.TestKit;
using Urllib4.Tests.Managers;

namespace Urllib4.Tests.Primitives;

public sealed class OptionsRecordTests : ModeTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task The_first_thing_a_CSharp_writer_types_is_sent(Mode mode)
    {
        using CallRig rig = CallRig.Over(null, new Dialogue()
            .ExpectRequest(static r => Assert.Equal(("1", "2"), (r["X-A"], r["X-B"])))
            .Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .ExpectRequest(static r => Assert.StartsWith("GET /?q=a+b&n=3 ", r.Head, StringComparison.Ordinal))
            .Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        await rig.Send(mode, "GET", "/", new() { Headers = { ["X-A"] = "1", ["X-B"] = "2" } });
        await rig.Send(mode, "GET", "/", new() { Fields = { ["q"] = "a b", ["n"] = 3 } });
    }

    [Fact]
    public void What_is_filled_in_one_place_shows_in_no_other()
    {
        RequestOptions filled = new() { Headers = { ["X-A"] = "1" }, Fields = { { "a", "1" } } };
        Assert.Equal("1", filled.Headers["X-A"]);
        Assert.Empty(new RequestOptions().Headers);
        Assert.Empty(new RequestOptions().Fields);
        Assert.Throws<InvalidOperationException>(static () => RequestOptions.Default.Headers["X-A"] = "1");
        Assert.Throws<InvalidOperationException>(static () => RequestOptions.Default.Fields["a"] = "1");
        Assert.Throws<InvalidOperationException>(static () => PoolOptions.Default.Headers["X-A"] = "1");
        Assert.Throws<InvalidOperationException>(static () => ProxyOptions.None.Headers["X-A"] = "1");
    }

    [Fact]
    public void A_copy_and_its_original_cannot_change_each_other()
    {
        RequestOptions original = new() { Headers = { ["X-A"] = "1" }, Fields = { ["a"] = "1" } };
        RequestOptions copy = original with { Redirect = false };
        Assert.Equal("1", copy.Headers["X-A"]);
        Assert.Throws<InvalidOperationException>(() => original.Headers["X-A"] = "2");
        Assert.Throws<InvalidOperationException>(() => copy.Headers["X-A"] = "2");
        Assert.Throws<InvalidOperationException>(() => copy.Fields["a"] = "2");
        RequestOptions empty = RequestOptions.Default with { Redirect = false };
        empty.Headers["X-B"] = "1";
        Assert.Empty(RequestOptions.Default.Headers);
    }

    [Fact]
    public void Options_in_use_do_not_change()
    {
        PoolOptions options = new() { Headers = { ["X-A"] = "1" }, Proxy = new("http://p.example") { Headers = { ["X-P"] = "1" } } };
        using var manager = new PoolManager(options);
        Assert.Throws<InvalidOperationException>(() => options.Headers["X-A"] = "2");
        Assert.Throws<InvalidOperationException>(() => options.Proxy.Headers["X-P"] = "2");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_request_of_a_download_can_be_filled_too(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        using CallRig rig = CallRig.Over(null, new Dialogue()
            .ExpectRequest(static r => Assert.Equal("1", r["X-A"]))
            .Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"));
        DownloadOptions options = new() { Request = { Headers = { ["X-A"] = "1" } } };
        string path = Path.Combine(directory.FullName, "a");
        await Call(
            mode,
            () => UrllibDownload.ToFile(rig.Pool, new Uri("http://example.com/"), path, options),
            () => UrllibDownload.ToFileAsync(rig.Pool, new Uri("http://example.com/"), path, options));
        Assert.Equal("ab", File.ReadAllText(path));
        Assert.Throws<InvalidOperationException>(() => options.Request.Headers["X-A"] = "2");
        Assert.Throws<InvalidOperationException>(static () => DownloadOptions.Default.Request.Headers["X-A"] = "1");
        Assert.Same(RequestOptions.Default, DownloadOptions.Default.Request);
    }

    [Fact]
    public void The_headers_of_a_part_can_be_filled_too()
    {
        RequestField field = new("a", "b") { Headers = { ["X-Part"] = "1" } };
        FieldList fields = [field];
        Assert.Equal("1", fields[0].Headers["X-Part"]);
        Assert.Throws<InvalidOperationException>(() => field.Headers["X-Part"] = "2");
    }

    [Fact]
    public void To_set_nothing_is_to_have_nothing()
    {
        RequestOptions options = new() { Headers = null, Fields = null };
        Assert.Empty(options.Headers!);
        Assert.Empty(options.Fields!);
        Assert.Equal(new RequestOptions(), new RequestOptions { Headers = [] });
    }
}
