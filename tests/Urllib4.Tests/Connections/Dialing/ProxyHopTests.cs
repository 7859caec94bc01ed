using System.Net;
using Urllib4.TestKit;

namespace Urllib4.Tests.Connections;

/// <summary>Whole calls through SOCKS proxies in memory: who resolves, what is said, and what a refusal leads to.</summary>
public sealed class ProxyHopTests : MemoryTests
{
    private static readonly byte[] _greeted = [5, 0];
    private static readonly byte[] _open = [5, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] _unreachable = [5, 4, 0, 1, 0, 0, 0, 0, 0, 0];

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_proxy_resolves_the_name_where_the_scheme_says_so(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue()
            .ExpectBytes([5, 1, 0]).Send(_greeted)
            .ExpectBytes([5, 1, 0, 3, 6, .. "a.test"u8, 0, 80]).Send(_open)
            .ExpectRequest().Send(Ok));
        await Through(mode, dialer, "socks5h://p.test:1080");
        Assert.Equal("p.test:1080", Assert.Single(dialer.Targets).ToString());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Each_address_of_the_name_is_asked_for_until_one_can_be_reached(Mode mode)
    {
        var dialer = new MemoryDialer(
            new Dialogue().ExpectBytes([5, 1, 0]).Send(_greeted).ExpectBytes([5, 1, 0, 1, 127, 0, 0, 8, 0, 80]).Send(_unreachable),
            new Dialogue().ExpectBytes([5, 1, 0]).Send(_greeted).ExpectBytes([5, 1, 0, 1, 127, 0, 0, 9, 0, 80]).Send(_open)
                .ExpectRequest().Send(Ok));
        await Through(mode, dialer, "socks5://p.test");
        Assert.True(dialer.Peers[0].IsDisposed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_name_is_sent_with_its_user_to_a_proxy_of_version_4a(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue()
            .ExpectBytes([4, 1, 0, 80, 0, 0, 0, 1, .. "me"u8, 0, .. "a.test"u8, 0]).Send([0, 90, 0, 0, 0, 0, 0, 0])
            .ExpectRequest().Send(Ok));
        await Through(mode, dialer, new ProxyOptions("socks4a://p.test") { Credential = new Credential("me", "") });
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Version_4_takes_the_addresses_that_it_knows(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue()
            .ExpectBytes([4, 1, 0, 80, 127, 0, 0, 8, 0]).Send([0, 90, 0, 0, 0, 0, 0, 0]).ExpectRequest().Send(Ok));
        await Through(mode, dialer, "socks4://p.test");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Name_and_password_are_told_to_a_proxy_that_wants_them(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue()
            .ExpectBytes([5, 2, 0, 2]).Send([5, 2]).ExpectBytes([1, 2, .. "me"u8, 2, .. "pw"u8]).Send([1, 0])
            .ExpectBytes([5, 1, 0, 3, 6, .. "a.test"u8, 0, 80]).Send(_open)
            .ExpectRequest().Send(Ok));
        await Through(mode, dialer, new ProxyOptions("socks5h://p.test") { Credential = new Credential("me", "pw") });
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_that_goes_away_or_says_too_much_is_a_fault_of_the_proxy(Mode mode)
    {
        foreach (Dialogue dialogue in new[]
            {
                new Dialogue().ExpectBytes([5, 1, 0]).Send([5]).Eof(),
                new Dialogue().ExpectBytes([5, 1, 0]).Send(_greeted).ExpectBytes([5, 1, 0, 3, 6, .. "a.test"u8, 0, 80]).Send([.. _open, 1]),
                new Dialogue().ExpectBytes([5, 1, 0]).Send("HTTP/1.1 400 Bad Request\r\n\r\n"),
            })
        {
            var dialer = new MemoryDialer(dialogue);
            await Assert.ThrowsAsync<ProxyException>(() => Through(mode, dialer, "socks5h://p.test"));
            Assert.True(dialer.Peers[0].IsDisposed);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_that_cannot_be_dialed_is_named(Mode mode)
    {
        foreach (string proxy in new[] { "socks5h://p.test", "http://p.test" })
        {
            var dialer = new MemoryDialer(static (_, _) => throw new IOException("the cable is out"));
            var e = await Assert.ThrowsAsync<ProxyException>(() => Through(mode, dialer, proxy));
            Assert.Contains($"The proxy {proxy}", e.Message, StringComparison.Ordinal);
            Assert.IsType<NewConnectionException>(e.InnerException);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_http_proxy_may_itself_be_reached_through_socks(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue()
            .ExpectBytes([5, 1, 0]).Send(_greeted).ExpectBytes([5, 1, 0, 3, 6, .. "h.test"u8, 0x0C, 0x38]).Send(_open)
            .ExpectRequest(static r => Assert.Equal("http://a.test/", r.Target)).Send(Ok));
        await Through(mode, dialer, new ProxyOptions("http://h.test:3128") { Via = new ProxyOptions("socks5h://p.test") });
        Assert.Equal("p.test", Assert.Single(dialer.Targets).Host);
    }

    private static async Task Through(Mode mode, MemoryDialer dialer, ProxyOptions proxy)
    {
        using var manager = new PoolManager(Over(dialer) with { Proxy = proxy, Resolver = new TwoAddresses() });
        Assert.Equal("ok", (await Send(mode, manager, "GET", "http://a.test/")).Text());
        Verify(dialer);
    }

    private sealed class TwoAddresses : Resolver
    {
        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port) =>
            [new(IPAddress.Parse("127.0.0.8"), port), new(IPAddress.Parse("127.0.0.9"), port)];
    }
}
