using Urllib4.Policies;
using Urllib4.TestKit;

namespace Urllib4.Tests.Policies;

public sealed class ProxyChoiceTests
{
    private static readonly Url _url = Url.Parse("http://a.test/x"), _other = Url.Parse("http://b.test/");
    private static readonly ProxyOptions _one = "http://one.test", _two = "socks5h://two.test", _three = "https://three.test";
    private static readonly ProxyException _unreachable = new("The proxy cannot be used.", new NewConnectionException("No connection."));

    private readonly VirtualTime _clock = new();

    public static TheoryData<string, bool> Failures { get; } = new()
    {
        { "a proxy that cannot be reached", true },
        { "a proxy that does not answer in time", true },
        { "a server that cannot be reached", true },
        { "a name that is unknown", true },
        { "a refused tunnel", false },
        { "a refusal by SOCKS", false },
        { "an answer that broke off", false },
        { "the deadline", false },
    };

    [Fact]
    public void The_request_comes_before_the_selector_and_the_selector_before_the_option()
    {
        PoolOptions option = new() { Proxy = _three }, selector = option with { ProxySelector = static _ => [_two] };

        Assert.Equal(_three, Choice(option).For(_url, null));
        Assert.Equal(_two, Choice(selector).For(_url, null));
        Assert.Equal(_one, Choice(selector).For(_url, _one));
        Assert.Null(Choice(selector with { ProxySelector = static _ => [] }).For(_url, null));
    }

    [Fact]
    public void A_selector_that_gives_no_list_is_named()
    {
        var error = Assert.Throws<InvalidRequestException>(() => Choice(new() { ProxySelector = static _ => null! }).For(_url, null));
        Assert.Contains(nameof(PoolOptions.ProxySelector), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_who_has_nothing_to_choose_from_is_always_direct()
    {
        Assert.True(Choice(new()).IsAlwaysDirect);
        Assert.Null(Choice(new()).For(_url, null));
        PoolOptions[] others = [new() { Proxy = _one }, new() { ProxySelector = static _ => [] }];
        Assert.All(others, o => Assert.False(Choice(o).IsAlwaysDirect));

        var trusting = new PoolOptions { TrustEnvironment = true };
        Assert.True(new ProxyChoice(trusting, static _ => null).IsAlwaysDirect);
        Assert.False(new ProxyChoice(trusting, static name => name == "https_proxy" ? "http://p" : null).IsAlwaysDirect);
    }

    [Fact]
    public void An_entry_that_nobody_can_read_is_told_of_once_whoever_wrote_it()
    {
        var heard = new Listener();
        ProxyOptions careless = _one with { NoProxy = ["option*", "b.test"] };
        PoolOptions options = new() { Events = heard }, trusting = options with { TrustEnvironment = true };
        ProxyChoice[] choices =
        [
            new(trusting, static name => name switch { "http_proxy" => "http://p", "NO_PROXY" => "variable*, a.test", _ => null }),
            Choice(options with { Proxy = careless }),
            Choice(options with { ProxySelector = static _ => [_one with { NoProxy = ["selector*"] }] }),
        ];
        ProxyOptions own = _two with { NoProxy = ["request*"] };

        for (int i = 0; i < 3; i++)
        {
            choices[0].For(_url, null);
            choices[1].For(_url, null);
            choices[0].For(_other, own);
        }

        choices[2].For(_url, null);
        Assert.Equal(["variable*", "option*", "request*", "selector*"], heard.Entries);
    }

    [Fact]
    public void An_entry_is_kept_for_whoever_listens_first()
    {
        ProxyOptions careless = _one with { NoProxy = ["later*"] };
        var heard = new Listener();

        Choice(new() { Proxy = careless }).For(_url, null);
        Choice(new() { Proxy = careless, Events = heard }).For(_url, null);

        Assert.Equal(["later*"], heard.Entries);
    }

    [Fact]
    public void What_a_proxy_leaves_out_and_None_are_direct_whoever_said_so()
    {
        ProxyOptions[] none = [ProxyOptions.None, _one with { NoProxy = ["a.test"] }, _two with { NoProxy = ["*"] }];

        foreach (ProxyOptions proxy in none)
        {
            Assert.Null(Choice(new() { Proxy = proxy }).For(_url, null));
            Assert.Null(Choice(new() { ProxySelector = _ => [proxy] }).For(_url, null));
            Assert.Null(Choice(new() { Proxy = _three }).For(_url, proxy));
        }
    }

    [Fact]
    public void One_that_failed_is_passed_over_for_30_seconds_for_every_URL()
    {
        ProxyChoice choice = Choose(_one, _two);

        Assert.True(choice.TryPassOver(_url, _one.Hop, _unreachable, 0));
        Assert.Equal(_two, choice.For(_other, null));
        _clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Equal(_two, choice.For(_other, null));
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(_one, choice.For(_other, null));
    }

    [Fact]
    public void When_all_have_failed_there_is_nothing_to_go_on_to_and_the_first_has_its_turn_again()
    {
        ProxyChoice choice = Choose(_one, _two);

        Assert.True(choice.TryPassOver(_url, _one, _unreachable, 0));
        Assert.False(choice.TryPassOver(_url, _two, _unreachable, 1));
        Assert.Equal(_one, choice.For(_url, null));
    }

    [Fact]
    public void The_direct_way_that_failed_to_one_origin_is_open_to_others()
    {
        ProxyChoice choice = Choose(ProxyOptions.None, _two);

        Assert.True(choice.TryPassOver(_url, null, new NewConnectionException("No connection."), 0));

        Assert.Equal(_two, choice.For(_url, null));
        Assert.Equal(_two, choice.For(Url.Parse("http://A.test:80/y"), null));
        Assert.Null(choice.For(_other, null));
        Assert.Null(choice.For(Url.Parse("https://a.test/"), null));
    }

    [Fact]
    public void A_proxy_with_other_credentials_is_another_proxy_and_one_with_other_exceptions_is_not()
    {
        ProxyOptions alice = "http://alice:a@one.test", bob = "http://bob:b@one.test";
        ProxyChoice choice = Choose(alice with { NoProxy = ["elsewhere"] }, bob);

        Assert.True(choice.TryPassOver(_url, alice, _unreachable, 0));

        Assert.Equal(bob, choice.For(_url, null));
    }

    [Fact]
    public void A_call_passes_over_no_more_than_there_are()
    {
        int asked = 0;
        ProxyChoice choice = Choice(new() { ProxySelector = _ => [$"http://{++asked}.test", $"http://{++asked}.test"] });

        Assert.True(choice.TryPassOver(_url, _one, _unreachable, 0));
        Assert.False(choice.TryPassOver(_url, _one, _unreachable, 1));
    }

    [Theory, MemberData(nameof(Failures))]
    public void Only_what_could_not_be_reached_is_passed_over(string failure, bool isPassedOver)
    {
        HttpException error = failure switch
        {
            "a proxy that cannot be reached" => _unreachable,
            "a proxy that does not answer in time" =>
                new ProxyTimeoutException("one.test", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
            "a server that cannot be reached" => new NewConnectionException("No connection."),
            "a name that is unknown" => new NameResolutionException("a.test", "No such host."),
            "a refused tunnel" => new TunnelRefusedException("No.", 503, [], default),
            "a refusal by SOCKS" => new ProxyException("No."),
            "an answer that broke off" => new ConnectionClosedException("Closed.", HttpPhase.Head),
            _ => new TotalTimeoutException(HttpPhase.Connect, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
        };

        Assert.Equal(isPassedOver, Choose(_one, _two).TryPassOver(_url, _one, error, 0));
        Assert.False(Choice(new() { Proxy = _one }).TryPassOver(_url, _one, error, 0));
    }

    private ProxyChoice Choose(params IReadOnlyList<ProxyOptions> proxies) => Choice(new() { ProxySelector = _ => proxies });

    private ProxyChoice Choice(PoolOptions options) => new(options with { Clock = _clock });

    private sealed class Listener : HttpEvents
    {
        public List<string> Entries { get; } = [];

        public override void NoProxyEntryIgnored(string entry) => Entries.Add(entry);
    }
}
