using System.Collections.Immutable;
using Urllib4.Policies;

namespace Urllib4.Tests.Policies;

public sealed class RedirectRulesTests
{
    private static readonly string[] _harmless =
    [
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "User-Agent", "Cache-Control", "Pragma",
        "traceparent", "tracestate",
    ];

    private static readonly string[] _ofBody =
    [
        "Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "Content-Location", "Content-Disposition",
        "Content-Range", "Content-MD5", "Content-Digest", "Repr-Digest", "Digest", "Last-Modified",
        "Transfer-Encoding", "Trailer", "Expect",
    ];

    private static readonly string[] _private =
    [
        "Authorization", "aUtHoRiZaTiOn", "Cookie", "Proxy-Authorization", "X-API-Key", "X-Auth-Token", "Referer", "Origin",
        "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range", "Idempotency-Key", "baggage",
        "X-Accept", "Accept-Secret",
    ];

    public static TheoryData<string, int, bool, string, bool> Methods => new()
    {
        // method, status, KeepMethod, next method, body kept
        { "GET", 301, false, "GET", true },
        { "GET", 302, false, "GET", true },
        { "GET", 303, false, "GET", false },
        { "GET", 307, false, "GET", true },
        { "GET", 308, false, "GET", true },
        { "HEAD", 301, false, "HEAD", true },
        { "HEAD", 303, false, "HEAD", false },
        { "HEAD", 308, false, "HEAD", true },
        { "POST", 301, false, "GET", false },
        { "POST", 302, false, "GET", false },
        { "POST", 303, false, "GET", false },
        { "POST", 307, false, "POST", true },
        { "POST", 308, false, "POST", true },
        { "POST", 301, true, "POST", true },
        { "POST", 302, true, "POST", true },
        { "POST", 303, true, "GET", false },
        { "PUT", 301, false, "PUT", true },
        { "PUT", 302, false, "PUT", true },
        { "PUT", 303, false, "GET", false },
        { "DELETE", 303, false, "GET", false },
        { "PATCH", 308, false, "PATCH", true },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void RD_11_The_status_decides_about_method_and_body(
        string method, int status, bool keepMethod, string nextMethod, bool keepsBody)
    {
        HttpHeaderDict headers = Headers([.. _ofBody, "Accept"]);
        RedirectStep next = Follow(
            Hop("/b", "http://a.test/", status) with { Method = method, HasBody = true, Headers = headers },
            new() { KeepMethod = keepMethod });
        Assert.Equal(nextMethod, next.Method);
        Assert.Equal(keepsBody, next.KeepsBody);
        Assert.Equal(keepsBody ? [.. _ofBody, "Accept"] : ["Accept"], Names(next));
    }

    [Theory]
    [InlineData("If-Range")]
    [InlineData("if-match")]
    [InlineData("If-Unmodified-Since")]
    public void A_range_does_not_go_to_another_origin_without_its_condition(string condition)
    {
        RedirectHop hop = Hop("http://b.test/") with { Headers = Headers(["Range", condition, "Accept"]) };
        Assert.Equal(["Accept"], Names(Follow(hop)));
        Assert.Equal(
            ["Range", condition, "Accept"], Names(Follow(hop, new() { KeepHeadersAcrossOrigins = [condition.ToUpperInvariant()] })));
        Assert.Equal(["Range", condition, "Accept"], Names(Follow(hop with { Location = "/b" })));
        RedirectHop removed = hop with { RemoveHeaders = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, condition) };
        Assert.Equal(["Accept"], Names(Follow(removed, new() { KeepHeadersAcrossOrigins = [condition] })));
    }

    [Fact]
    public void A_range_without_a_condition_goes_to_another_origin() =>
        Assert.Equal(["Range"], Names(Follow(Hop("http://b.test/") with { Headers = Headers(["Range", "If-None-Match"]) })));

    [Fact]
    public void An_If_Range_does_not_go_anywhere_without_its_range()
    {
        RedirectHop hop = Hop("http://b.test/") with
        {
            Headers = Headers(["Range", "If-Range", "Accept"]),
            RemoveHeaders = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "Range"),
        };
        Assert.Equal(["Accept"], Names(Follow(hop, new() { KeepHeadersAcrossOrigins = ["If-Range"] })));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(300)]
    [InlineData(304)]
    [InlineData(305)]
    [InlineData(306)]
    [InlineData(309)]
    [InlineData(401)]
    public void Other_statuses_are_no_redirects(int status) =>
        Assert.Equal(default, RedirectRules.Decide(Hop("/b", status: status), RedirectOptions.Default));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t ")]
    public void Without_a_location_it_is_no_redirect(string? location) =>
        Assert.Equal(default, RedirectRules.Decide(Hop(location), RedirectOptions.Default));

    [Theory]
    [InlineData("/b", "http://a.test/b")]
    [InlineData("c", "http://a.test/x/c")]
    [InlineData(" c\t", "http://a.test/x/c")]
    [InlineData("../c?q=1", "http://a.test/c?q=1")]
    [InlineData("?q=2", "http://a.test/x/y?q=2")]
    [InlineData("//b.test/z", "http://b.test/z")]
    [InlineData("https://b.test", "https://b.test")]
    [InlineData("HTTP://B.test/", "http://b.test/")]
    [InlineData("/a:b", "http://a.test/a:b")]
    [InlineData("c?u=ftp://x", "http://a.test/x/c?u=ftp://x")]
    public void A_location_is_resolved_against_the_url_that_was_asked(string location, string expected) =>
        Assert.Equal(Url.Parse(expected), Follow(Hop(location, "http://a.test/x/y")).Url);

    [Theory]
    [InlineData("/b", "http://a.test/b#here")]
    [InlineData("http://b.test/b", "http://b.test/b#here")]
    [InlineData("/b#there", "http://a.test/b#there")]
    public void A_location_without_fragment_inherits_it(string location, string expected) =>
        Assert.Equal(Url.Parse(expected), Follow(Hop(location, "http://a.test/x#here")).Url);

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://b.test/")]
    [InlineData("unix:/run/x.sock")]
    [InlineData("data:text/plain,hi")]
    [InlineData("javascript:alert(1)")]
    [InlineData("mailto:someone")]
    [InlineData("ws://b.test/")]
    [InlineData("httpx://b.test/")]
    [InlineData("b.test:8080/x")]
    public void RD_10_Only_http_and_https_are_followed(string location)
    {
        RedirectException refusal = Refuse(Hop(location));
        Assert.Equal(RedirectRule.UnsupportedScheme, refusal.Rule);
        Assert.Equal(location, refusal.Location);
        Assert.Equal(Url.Parse("http://a.test/"), refusal.From);
        Assert.Equal(HttpPhase.Follow, refusal.Phase);
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("http://[::1")]
    [InlineData("http://a.test:99999/")]
    [InlineData("//")]
    public void A_location_that_is_no_url_with_a_host_is_refused(string location) =>
        Assert.Equal(RedirectRule.UnusableLocation, Refuse(Hop(location)).Rule);

    [Fact]
    public void Https_does_not_lead_to_http_unless_allowed()
    {
        RedirectHop hop = Hop("http://a.test/", "https://a.test/");
        Assert.Equal(RedirectRule.HttpsToHttp, Refuse(hop).Rule);
        Assert.Equal(RedirectRule.HttpsToHttp, Refuse(hop with { Location = "http://b.test/" }).Rule);
        Assert.Equal("http", Follow(hop, new() { AllowHttpsToHttp = true }).Url.Scheme);
        Assert.Equal("https", Follow(Hop("https://a.test/")).Url.Scheme);
    }

    [Theory]
    [InlineData("http://a.test/", "http://b.test/")]
    [InlineData("http://a.test/", "//b.test/")]
    [InlineData("http://a.test/", "http://a.test:81/")]
    [InlineData("http://a.test/", "https://a.test/")]
    [InlineData("http://a.test/", "https://a.test:80/")]
    [InlineData("https://a.test/", "http://a.test/")]
    [InlineData("http://a.test/", "http://x.a.test/")]
    [InlineData("http://a.test/", "http://a.test.evil.test/")]
    public void RD_01_to_06_Only_harmless_headers_go_to_another_origin(string from, string location)
    {
        RedirectHop hop = Hop(location, from, 307) with
        {
            Method = "POST",
            HasBody = true,
            Headers = Headers(["Host", .. _harmless, .. _private, .. _private, .. _ofBody]),
        };
        Assert.Equal([.. _harmless, .. _ofBody], Names(Follow(hop, new() { AllowHttpsToHttp = true })));

        // The body's headers go only with the body.
        Assert.Equal(_harmless, Names(Follow(hop with { Status = 303 }, new() { AllowHttpsToHttp = true })));
    }

    [Theory]
    [InlineData("http://a.test/", "/b")]
    [InlineData("http://a.test/", "http://a.test/b")]
    [InlineData("http://a.test/", "http://A.TEST:80/b")]
    [InlineData("https://a.test:443/", "https://a.test/b")]
    public void RD_01_The_same_origin_gets_every_header(string from, string location) =>
        Assert.Equal(_private, Names(Follow(Hop(location, from) with { Headers = Headers(_private) })));

    [Fact]
    public void Headers_keep_their_order_their_spelling_and_their_copies()
    {
        HttpHeaderDict headers = new() { { "accept", "a" }, { "Cookie", "secret" }, { "ACCEPT", "b" } };
        RedirectStep next = Follow(Hop("http://b.test/") with { Headers = headers });
        Assert.Equal([new("accept", "a"), new("ACCEPT", "b")], next.Headers);
        Assert.Equal(["accept", "Cookie", "ACCEPT"], headers.Select(line => line.Key));
    }

    [Fact]
    public void RD_08_What_was_dropped_does_not_come_back_on_the_way_home()
    {
        RedirectStep there = Follow(Hop("http://b.test/") with { Headers = Headers(["Authorization", "Accept"]) });
        RedirectStep home = Follow(Hop("http://a.test/home", "http://b.test/") with { Headers = there.Headers });
        Assert.Equal(["Accept"], Names(home));
    }

    [Fact]
    public void A_name_the_caller_keeps_goes_everywhere_and_one_it_removes_goes_nowhere_else()
    {
        RedirectOptions options = new() { KeepHeadersAcrossOrigins = ["x-api-key", "X-Both"] };
        RedirectHop hop = Hop("http://b.test/") with
        {
            Headers = Headers(["X-API-Key", "X-Both", "User-Agent", "Accept"]),
            RemoveHeaders = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "x-both", "user-agent"),
        };
        Assert.Equal(["X-API-Key", "Accept"], Names(Follow(hop, options)));
        Assert.Equal(["X-API-Key", "X-Both", "User-Agent", "Accept"], Names(Follow(hop with { Location = "/b" }, options)));
    }

    [Theory]
    [InlineData("/b", true)]
    [InlineData("?q", true)]
    [InlineData("http://a.test/b", false)]
    [InlineData("//a.test/b", false)]
    [InlineData("http://b.test/b", false)]
    public void A_host_header_of_the_caller_stays_only_where_the_location_names_no_host(string location, bool stays) =>
        Assert.Equal(stays ? ["Host"] : [], Names(Follow(Hop(location) with { Headers = Headers(["Host"]) })));

    [Fact]
    public void A_body_stays_behind_when_the_method_changes()
    {
        RedirectHop hop = Hop("/b", status: 307) with { Method = "POST", HasBody = true };
        Assert.True(Follow(hop).KeepsBody);
        Assert.False(Follow(hop with { Status = 302 }).KeepsBody);
        Assert.False(Follow(hop with { HasBody = false }).KeepsBody);
    }

    [Fact]
    public void The_headers_of_the_next_request_are_its_own_and_those_of_another_origin_do_not_come_back()
    {
        RedirectHop hop = Hop("http://b.test/") with { Headers = Headers(["Authorization"]) };
        RedirectStep next = Follow(hop);
        next.Headers["Authorization"] = "for b";
        Assert.Equal("v", hop.Headers["Authorization"]);
        Assert.Empty(Follow(Hop("http://a.test/", "http://b.test/") with { Headers = next.Headers }).Headers);
    }

    [Fact]
    public void Options_are_equal_by_content()
    {
        Assert.Equal(
            new RedirectOptions { KeepHeadersAcrossOrigins = ["A", "B"] }, new RedirectOptions { KeepHeadersAcrossOrigins = ["b", "a"] });
        Assert.NotEqual(RedirectOptions.Default, new RedirectOptions { KeepHeadersAcrossOrigins = ["A"] });
        Assert.NotEqual(RedirectOptions.Default, new RedirectOptions { KeepMethod = true });
        Assert.NotEqual(RedirectOptions.Default, new RedirectOptions { AllowHttpsToHttp = true });
        Assert.NotEqual(RedirectOptions.Default, new RedirectOptions { OnRedirect = _ => RedirectDecision.Stop });
        Assert.Equal(
            new RedirectOptions { KeepHeadersAcrossOrigins = ["A"] }.GetHashCode(),
            new RedirectOptions { KeepHeadersAcrossOrigins = ["a"] }.GetHashCode());
    }

    private static RedirectHop Hop(string? location, string from = "http://a.test/", int status = 302) => new()
    {
        Method = "GET",
        Url = Url.Parse(from),
        Headers = [],
        Status = status,
        Location = location,
        RemoveHeaders = [],
    };

    private static HttpHeaderDict Headers(IEnumerable<string> names)
    {
        HttpHeaderDict headers = [];
        foreach (string name in names)
            headers.Add(name, "v");
        return headers;
    }

    private static IEnumerable<string> Names(RedirectStep next) => next.Headers.Select(line => line.Key);

    private static RedirectStep Follow(RedirectHop hop, RedirectOptions? options = null)
    {
        RedirectOutcome outcome = RedirectRules.Decide(hop, options ?? RedirectOptions.Default);
        Assert.Null(outcome.Refusal);
        Assert.NotNull(outcome.Next);
        return outcome.Next;
    }

    private static RedirectException Refuse(RedirectHop hop, RedirectOptions? options = null)
    {
        RedirectOutcome outcome = RedirectRules.Decide(hop, options ?? RedirectOptions.Default);
        Assert.Null(outcome.Next);
        return Assert.IsType<RedirectException>(outcome.Refusal);
    }
}
