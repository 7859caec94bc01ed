using Urllib4.Managers;
using Urllib4.Policies;
using Urllib4.Protocol;
using static Urllib4.Tests.Managers.Trial;

namespace Urllib4.Tests.Managers;

/// <summary>What the judge makes of a redirect: before the caller is asked, and after.</summary>
public sealed class JudgeRedirectTests
{
    [Theory]
    [InlineData(301, "GET", "GET")]
    [InlineData(302, "POST", "GET")]
    [InlineData(303, "PUT", "GET")]
    [InlineData(303, "HEAD", "HEAD")]
    [InlineData(307, "POST", "POST")]
    [InlineData(308, "DELETE", "DELETE")]
    public void A_redirect_leads_to_the_next_request(int status, string method, string next)
    {
        CallFacts call = Call(method, body: method is "POST" or "PUT" ? RequestBody.FromString("x") : null);
        Verdict.Follow follow = Follow(call, Head(status, "Location: /b"));
        Assert.Equal((next, "http://a.test/b"), (follow.Step.Method, follow.Step.Url.Href));
        Assert.Equal(call.Request.Body is not null && method == next, follow.Step.KeepsBody);
        Assert.Equal("/b", follow.Retries.History.Single().RedirectLocation);
        Assert.Equal(9, follow.Retries.Total);
        Assert.Equal("the redirect was followed to http://a.test/b", follow.Why);
        Assert.Same(follow, Judge.Review(call, follow));
    }

    [Fact]
    public void A_redirect_is_the_response_for_a_caller_who_follows_none()
    {
        Assert.IsType<Verdict.Return>(Judge.OfHead(Call() with { Redirects = null }, Attempt(), Head(302, "Location: /b")));
        Assert.IsType<Verdict.Return>(Judge.OfHead(Call(), Attempt(), Head(302)));
        Assert.IsType<Verdict.Return>(Judge.OfHead(Call(), Attempt(), Head(305, "Location: /b")));
    }

    [Theory]
    [InlineData("ftp://b.test/", RedirectRule.UnsupportedScheme)]
    [InlineData("http://", RedirectRule.UnusableLocation)]
    public void A_rule_that_forbids_it_is_an_error_or_the_response(string location, RedirectRule rule)
    {
        Verdict verdict = Judge.OfHead(Call(), Attempt(), Head(302, $"Location: {location}"));
        Assert.Equal(rule, Assert.IsType<RedirectException>(Assert.IsType<Verdict.Fail>(verdict).Error).Rule);
        CallFacts lenient = Call(retries: new() { RaiseOnRedirect = false });
        Assert.IsType<Verdict.Return>(Judge.OfHead(lenient, Attempt(), Head(302, $"Location: {location}")));
    }

    [Fact]
    public void Two_different_locations_are_none()
    {
        Assert.IsType<Verdict.Fail>(Judge.OfHead(Call(), Attempt(), Head(302, "Location: /b", "Location: /c")));
        Assert.IsType<Verdict.Follow>(Judge.OfHead(Call(), Attempt(), Head(302, "Location: /b", "Location: /b")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_counter_that_is_out_is_an_error_or_the_response(bool raises)
    {
        CallFacts call = Call(retries: new() { Redirect = 0, RaiseOnRedirect = raises });
        Verdict verdict = Judge.Review(call, Follow(call, Head(302, "Location: /b")));
        if (!raises)
        {
            Assert.IsType<Verdict.Return>(verdict);
            return;
        }

        var fail = Assert.IsType<Verdict.Fail>(verdict);
        Assert.IsType<MaxRetryException>(fail.Error);
        Assert.Equal("the redirect was not followed because Retry.Redirect allows none", fail.WhyNot);
    }

    [Fact]
    public void A_body_that_can_be_read_only_once_does_not_survive_a_307()
    {
        CallFacts call = Call("POST", body: OneShot());
        Verdict verdict = Judge.Review(call, Follow(call, Head(307, "Location: /b")));
        Assert.Contains("status 307 wants the body", Assert.IsType<Verdict.Fail>(verdict).Error.Message, StringComparison.Ordinal);
        Assert.IsType<Verdict.Follow>(Judge.Review(call, Follow(call, Head(303, "Location: /b"))));

        // A server that was asked with Expect redirects before the body is read.
        AttemptFacts unread = Attempt(SendProgress.HeadStarted) with { HasOpenedBody = false };
        var early = (Verdict.Follow)Judge.OfHead(call, unread, Head(307, "Location: /b"));
        Assert.Same(early, Judge.Review(call, early));
    }

    [Fact]
    public void The_same_request_again_is_no_circle_before_the_count_is_out()
    {
        CallFacts call = Call();
        Verdict.Follow follow = Follow(call, Head(302, "Location: /#fragment"));
        Assert.Same(follow, Judge.Review(call with { Redirected = Times(9, Sent(call)) }, follow));

        call = Call(retries: new() { Total = 0 });
        follow = Follow(call, Head(302, "Location: /"));
        Assert.IsType<MaxRetryException>(Assert.IsType<Verdict.Fail>(Judge.Review(call, follow)).Error);
        call = call with { Redirected = Times(1, Sent(call)) };
        AssertCircle(Judge.Review(call, follow));
    }

    [Fact]
    public void Without_a_count_a_circle_ends_all_the_same()
    {
        CallFacts call = Call(retries: new() { Total = null });
        Verdict.Follow follow = Follow(call, Head(302, "Location: /"));
        Assert.Same(follow, Judge.Review(call with { Redirected = Times(RedirectCircle.MaxVisits - 2, Sent(call)) }, follow));
        AssertCircle(Judge.Review(call with { Redirected = Times(RedirectCircle.MaxVisits - 1, Sent(call)) }, follow));
    }

    [Theory]
    [InlineData("GET", "http://a.test/", "Cookie")]
    [InlineData("POST", "http://a.test/", null)]
    [InlineData("GET", "http://a.test/?x", null)]
    [InlineData("GET", "https://a.test/", null)]
    public void A_request_that_differs_in_anything_is_another_one(string method, string url, string? header)
    {
        CallFacts call = Call(retries: new() { Total = null });
        var other = new SentRequest(method, Url.Parse(url), Request("GET", url, null, header is null ? [] : [header]).Headers);
        Verdict.Follow follow = Follow(call, Head(302, "Location: /"));
        Assert.Same(follow, Judge.Review(call with { Redirected = Times(100, other) }, follow));
    }

    [Fact]
    public void What_the_caller_adds_to_the_headers_makes_another_request()
    {
        CallFacts call = Call(retries: new() { Total = null });
        Verdict.Follow follow = Follow(call, Head(302, "Location: /"));
        follow.Step.Headers["Cookie"] = "turn=21";
        Assert.Same(follow, Judge.Review(call with { Redirected = Times(100, Sent(call)) }, follow));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pause_that_does_not_fit_ends_the_call(bool raises)
    {
        CallFacts call = Call(retries: new() { RaiseOnRedirect = raises }) with { Remaining = TimeSpan.FromSeconds(2) };
        Verdict.Follow follow = Follow(call, Head(302, "Location: /b", "Retry-After: 30"));
        Assert.Equal(TimeSpan.FromSeconds(30), follow.Pause);
        Verdict verdict = Judge.Review(call, follow);
        if (!raises)
        {
            Assert.IsType<Verdict.Return>(verdict);
            return;
        }

        var fail = Assert.IsType<Verdict.Fail>(verdict);
        Assert.Equal(302, Assert.IsType<ResponseException>(Assert.IsType<MaxRetryException>(fail.Error).Reason).Status);
        Assert.Equal(
            "the redirect was not followed because the pause of 30 s before it does not fit into the 2 s left of the call", fail.WhyNot);
        Assert.Same(follow, Judge.Review(call with { Remaining = TimeSpan.FromSeconds(31) }, follow));
    }

    private static Verdict.Follow Follow(in CallFacts call, ResponseHead head) =>
        Assert.IsType<Verdict.Follow>(Judge.OfHead(call, Attempt(SendProgress.HeadStarted), head));

    private static void AssertCircle(Verdict verdict) =>
        Assert.Equal(RedirectRule.Loop, Assert.IsType<RedirectException>(Assert.IsType<Verdict.Fail>(verdict).Error).Rule);
}
