using System.Net;
using System.Text;
using Urllib4.Adapters;
using Urllib4.TestKit;

namespace Urllib4.Tests.Adapters;

public sealed class HandlerCookiesTests : HandlerTests
{
    private static readonly Uri _here = new("http://a.test/");

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_cookie_comes_back_with_the_next_request_to_its_host_only(Mode mode)
    {
        const string Setting = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nContent-Length: 0\r\n\r\n";
        var dialer = new MemoryDialer((_, _) => new Dialogue().Loop(static d => d.ExpectRequest().Send(Setting)));
        using HttpClient http = Client(dialer);

        await Get(mode, http);
        await Get(mode, http);
        await Get(mode, http, "http://b.test/");

        Assert.Equal([null, "a=1"], dialer.Peers[0].Requests.Select(static r => r["Cookie"]));
        Assert.Null(dialer.Peers[1].Requests[0]["Cookie"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_cookie_of_the_message_stands_before_those_that_were_kept_and_does_not_follow_to_another_origin(Mode mode)
    {
        var dialer = new MemoryDialer((target, _) => new Dialogue().ExpectRequest().Send(target.Host == "a.test"
            ? "HTTP/1.1 302 Go\r\nLocation: http://b.test/\r\nSet-Cookie: k=2\r\nContent-Length: 0\r\n\r\n"
            : Ok));
        var container = new CookieContainer();
        container.Add(_here, new Cookie("k", "1"));
        using HttpClient http = Client(dialer, h => h.CookieContainer = container);
        using var request = new HttpRequestMessage(HttpMethod.Get, _here);
        request.Headers.Add("Cookie", "own=1");

        await Send(mode, http, request);

        Assert.Equal("own=1; k=1", dialer.Peers[0].Requests[0]["Cookie"]);
        Assert.Null(dialer.Peers[1].Requests[0]["Cookie"]);
        Assert.Equal("k=2", container.GetCookieHeader(_here));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task No_cookies_are_kept_when_the_handler_says_so(Mode mode)
    {
        const string Setting = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n";
        MemoryDialer dialer = Answering(Setting, Setting);
        using HttpClient http = Client(dialer, static h => h.UseCookies = false);
        await Get(mode, http);
        using HttpResponseMessage second = await Get(mode, http);
        Assert.Null(dialer.Peers[0].Requests[1]["Cookie"]);
        Assert.Equal("a=1", Assert.Single(second.Headers.GetValues("Set-Cookie")));
    }

    [Fact]
    public void A_line_that_is_no_cookie_changes_nothing()
    {
        var container = new CookieContainer();
        new HandlerCookies(container).Keep(_here, "a=1; Domain=.elsewhere.test", null);
        Assert.Equal(0, container.Count);
    }

    [Fact]
    public void A_value_outside_ascii_comes_back_byte_for_byte()
    {
        string octets = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("caf\u00E9"));
        var cookies = new HandlerCookies(new CookieContainer());

        cookies.Keep(_here, $"a={octets}; Path=/", null);
        cookies.Keep(_here, "b=plain", Encoding.UTF8);

        Assert.Equal($"a={octets}; b=plain", cookies.HeaderFor(_here, static text => text));
    }

    [Fact]
    public void A_value_that_a_selector_read_is_written_back_as_it_came()
    {
        string octets = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("caf\u00E9"));
        var container = new CookieContainer();
        var cookies = new HandlerCookies(container);

        cookies.Keep(_here, $"a={octets}, b={octets}", Encoding.UTF8);

        Assert.Equal("caf\u00E9", container.GetAllCookies()["a"]?.Value);
        string header = cookies.HeaderFor(_here, static _ => throw new InvalidOperationException("it was written anew"));
        Assert.Equal($"a={octets}; b={octets}", header);
    }

    [Fact]
    public void A_cookie_that_the_caller_changed_is_the_callers()
    {
        var container = new CookieContainer();
        var cookies = new HandlerCookies(container);
        cookies.Keep(_here, "a=caf\u00E9", null);
        container.GetAllCookies()["a"]!.Value = "new";
        Assert.Equal("a=new", cookies.HeaderFor(_here, static text => text));
    }
}
