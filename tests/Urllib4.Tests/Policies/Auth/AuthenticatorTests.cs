using Urllib4.Policies.Auth;

namespace Urllib4.Tests.Policies.Auth;

public sealed class AuthenticatorTests
{
    private const string Basic = "Basic dXNlcjpzZWNyZXQ=";
    private const string AskBasic = "Basic realm=x";
    private static readonly Credential _user = new("user", "secret");

    [Fact]
    public void Basic_is_sent_at_once_when_wished_and_not_repeated_when_refused()
    {
        var proxy = new PasswordAuthenticator(_user, PasswordUse.BasicAtOnce, forProxy: true);
        AuthHandshake call = Call();

        Assert.Equal("Proxy-Authorization", proxy.HeaderName);
        Assert.Equal(Basic, proxy.Preempt(call));
        Assert.Null(proxy.Answer(call, 407, Headers("Proxy-Authenticate", AskBasic)));
        Assert.Equal(Basic, proxy.Preempt(Call()));
    }

    [Fact]
    [Trait("check", "AU-10")]
    public void AU_10_Basic_answers_one_challenge_of_a_call()
    {
        var origin = Patient();
        AuthHandshake call = Call();

        Assert.Equal("Authorization", origin.HeaderName);
        Assert.Null(origin.Preempt(call));
        Assert.Equal(Basic, Answer(origin, call, AskBasic));
        Assert.Null(Answer(origin, call, AskBasic));
        Assert.Null(origin.Preempt(Call()));
    }

    [Fact]
    public void Basic_that_worked_is_sent_at_once_from_then_on_until_it_is_refused()
    {
        var origin = Patient();
        AuthHandshake call = Call();
        Answer(origin, call, AskBasic);
        Assert.True(origin.Confirm(call, []));
        AuthHandshake next = Call();

        Assert.Equal(Basic, origin.Preempt(next));
        Assert.Null(Answer(origin, next, AskBasic));
        Assert.Null(origin.Preempt(Call()));
    }

    [Fact]
    public void A_success_without_credentials_says_nothing_of_Basic()
    {
        var origin = Patient();

        Assert.True(origin.Confirm(Call(), []));
        Assert.Null(origin.Preempt(Call()));
    }

    [Theory]
    [InlineData(false, 407, "Proxy-Authenticate")]
    [InlineData(false, 407, "WWW-Authenticate")]
    [InlineData(false, 401, "Proxy-Authenticate")]
    [InlineData(true, 401, "WWW-Authenticate")]
    [InlineData(true, 401, "Proxy-Authenticate")]
    [InlineData(false, 200, "WWW-Authenticate")]
    [InlineData(false, 403, "WWW-Authenticate")]
    [Trait("check", "PX-05")]
    public void PX_05_a_challenge_of_the_other_kind_is_never_answered(bool forProxy, int status, string header)
    {
        var authenticator = new PasswordAuthenticator(_user, PasswordUse.WhenAsked, forProxy);
        var bearer = new BearerAuthenticator(static () => "token", forProxy);

        Assert.Null(authenticator.Answer(Call(), status, Headers(header, AskBasic)));
        Assert.Null(bearer.Answer(Call(), status, Headers(header, "Bearer")));
    }

    [Theory]
    [InlineData("Digest realm=x, nonce=md5, qop=auth|Digest realm=x, nonce=sha, qop=auth, algorithm=SHA-256", "sha")]
    [InlineData("Digest realm=x, nonce=sha, qop=auth, algorithm=SHA-256|Digest realm=x, nonce=md5, qop=auth", "sha")]
    [InlineData("Basic realm=x, Digest realm=x, nonce=md5, qop=auth", "md5")]
    [InlineData("Digest realm=x, nonce=no, qop=auth, algorithm=SHA-512-256|Digest realm=x, nonce=md5, qop=auth", "md5")]
    [InlineData("Digest realm=x, nonce=a, qop=auth|Digest realm=y, nonce=b, qop=auth", "a")]
    public void Of_several_challenges_the_strongest_is_answered(string challenges, string nonce) =>
        Assert.Equal(nonce, Field(Answer(Patient(), Call(), challenges.Split('|')), "nonce"));

    [Theory]
    [InlineData("Digest realm=x, nonce=a, qop=auth, algorithm=SHA-256", "Digest realm=x, nonce=b, qop=auth")]
    [InlineData("Digest realm=x, nonce=a, qop=auth", AskBasic)]
    [InlineData("Digest realm=x, nonce=a, qop=auth, algorithm=SHA-256", AskBasic)]
    public void Nothing_weaker_is_answered_once_something_stronger_was_offered(string strong, string weak)
    {
        foreach (PasswordUse use in Enum.GetValues<PasswordUse>())
        {
            var origin = new PasswordAuthenticator(_user, use);
            Assert.NotNull(Answer(origin, Call(), strong));

            Assert.Null(Answer(origin, Call(), weak));
            Assert.NotNull(Answer(origin, Call(), strong));
        }
    }

    [Theory]
    [InlineData("Digest realm=r", AskBasic)]
    [InlineData(AskBasic, "Digest nonce=n, qop=auth")]
    [InlineData("Digest realm=r, nonce=n, qop=auth, algorithm=SHA-512-256, Basic realm=x")]
    [InlineData("Digest realm=r, nonce=n, qop=auth-conf, Basic realm=x")]
    [InlineData("Basic realm=x, Digest realm=\"open")]
    [InlineData("Digest realm=a nonce=b", AskBasic)]
    [InlineData("Digest", AskBasic)]
    [InlineData("Foo realm=\"open, Digest realm=r, nonce=n", AskBasic)]
    [InlineData("Negotiate", "Digest realm=r", AskBasic)]
    public void An_offer_of_Digest_that_cannot_be_answered_forbids_Basic_for_good(params string[] challenges)
    {
        foreach (bool forProxy in new[] { false, true })
        {
            var asked = new PasswordAuthenticator(_user, PasswordUse.WhenAsked, forProxy);
            (int status, string name) = forProxy ? (407, "Proxy-Authenticate") : (401, "WWW-Authenticate");
            AuthHandshake call = Call();

            Assert.Null(asked.Answer(call, status, Headers(name, challenges)));
            Assert.StartsWith("the Digest challenge was not understood: ", call.WhyNotAnswered, StringComparison.Ordinal);
            Assert.Null(asked.Preempt(Call()));
            Assert.Null(asked.Answer(Call(), status, Headers(name, AskBasic)));
            Assert.NotNull(asked.Answer(Call(), status, Headers(name, Digest("n"))));
        }
    }

    [Fact]
    public void A_form_of_Digest_without_client_nonce_is_not_answered_once_a_better_one_was_offered()
    {
        var origin = Patient();
        Assert.Null(Field(Answer(origin, Call(), "Digest realm=x, nonce=n"), "cnonce"));
        Assert.NotNull(Field(Answer(origin, Call(), Digest("n")), "cnonce"));

        Assert.Null(Answer(origin, Call(), "Digest realm=x, nonce=n"));
    }

    [Fact]
    public void A_content_that_is_not_in_memory_is_not_hashed()
    {
        var origin = Patient();
        var call = new AuthHandshake(origin, "POST", "/", RequestBody.Create(static () => Stream.Null));

        Assert.Null(Answer(origin, call, "Digest realm=x, nonce=n, qop=auth-int"));
        Assert.Contains("auth-int", call.WhyNotAnswered, StringComparison.Ordinal);
        Assert.NotNull(origin.Preempt(new AuthHandshake(origin, "POST", "/", "text")));
        Assert.Null(origin.Preempt(call));
    }

    [Fact]
    public void A_refused_Digest_does_not_bring_Basic_back()
    {
        var proxy = new PasswordAuthenticator(_user, PasswordUse.BasicAtOnce);
        AuthHandshake call = Call();
        Assert.Equal(Basic, proxy.Preempt(call));
        Assert.NotNull(Answer(proxy, call, Digest("n")));
        Assert.Null(Answer(proxy, call, Digest("m")));

        Assert.Null(proxy.Preempt(Call()));
    }

    [Fact]
    public void A_known_nonce_answers_before_it_is_asked()
    {
        var origin = Patient();
        Answer(origin, Call("/a"), Digest("n"));

        string? header = origin.Preempt(Call("/b"));

        Assert.Equal(("n", "00000002", "/b"), (Field(header, "nonce"), Field(header, "nc"), Field(header, "uri")));
    }

    [Fact]
    public void Calls_that_are_given_the_same_nonce_share_its_count()
    {
        var origin = Patient();

        Assert.Equal("00000001", Field(Answer(origin, Call(), Digest("n")), "nc"));
        Assert.Equal("00000002", Field(Answer(origin, Call(), Digest("n")), "nc"));
        Assert.Equal("00000001", Field(Answer(origin, Call(), Digest("m")), "nc"));
    }

    [Fact]
    [Trait("check", "AU-10")]
    public void AU_10_a_wrong_password_is_sent_once()
    {
        var origin = Patient();
        AuthHandshake call = Call();

        Assert.NotNull(Answer(origin, call, Digest("n")));
        Assert.Null(Answer(origin, call, Digest("m")));
        Assert.Null(origin.Preempt(Call()));
    }

    [Fact]
    [Trait("check", "AU-10")]
    public void AU_10_a_stale_nonce_is_replaced_once_more_and_not_for_ever()
    {
        var origin = Patient();
        AuthHandshake call = Call();

        Assert.Equal("a", Field(Answer(origin, call, Digest("a")), "nonce"));
        Assert.Equal("b", Field(Answer(origin, call, Digest("b", stale: true)), "nonce"));
        Assert.Null(Answer(origin, call, Digest("c", stale: true)));
    }

    [Theory]
    [InlineData("n", false, false)]
    [InlineData("n", true, true)]
    [InlineData("m", false, true)]
    [InlineData("m", true, true)]
    [Trait("check", "AU-10")]
    public void AU_10_a_nonce_that_was_used_unasked_is_given_up_when_it_is_old(string nonce, bool stale, bool answered)
    {
        var origin = Patient();
        Answer(origin, Call(), Digest("n"));
        AuthHandshake call = Call();
        origin.Preempt(call);

        Assert.Equal(answered, Answer(origin, call, Digest(nonce, stale)) is not null);
    }

    [Fact]
    public void The_next_nonce_is_used_from_then_on()
    {
        var origin = Patient();
        AuthHandshake call = Call();
        Answer(origin, call, Digest("n"));

        Assert.True(origin.Confirm(call, Headers("Authentication-Info", "nextnonce=\"next\"")));
        Assert.Equal("next", Field(origin.Preempt(Call()), "nonce"));
        Assert.True(origin.Confirm(call, Headers("Authentication-Info", "nextnonce=\"late\"")));
        Assert.Equal("next", Field(origin.Preempt(Call()), "nonce"));
    }

    [Fact]
    [Trait("check", "AU-04")]
    public void AU_04_a_wrong_proof_of_the_server_is_found_out()
    {
        var proxy = new PasswordAuthenticator(_user, PasswordUse.WhenAsked, forProxy: true);
        AuthHandshake call = Call();
        proxy.Answer(call, 407, Headers("Proxy-Authenticate", Digest("n")));
        string proof = call.Digest!.Proof!;
        string wrong = (proof[0] == '0' ? '1' : '0') + proof[1..];

        Assert.True(proxy.Confirm(call, Headers("Proxy-Authentication-Info", $"rspauth=\"{proof}\"")));
        Assert.False(proxy.Confirm(call, Headers("Proxy-Authentication-Info", $"rspauth=\"{wrong}\", nextnonce=\"evil\"")));
        Assert.False(proxy.Confirm(call, Headers("Proxy-Authentication-Info", "rspauth=\"\"")));
        Assert.True(proxy.Confirm(call, []));
        Assert.Equal("n", Field(proxy.Preempt(Call()), "nonce"));
    }

    [Fact]
    public void A_credential_that_Basic_cannot_carry_is_refused_before_anything_is_sent()
    {
        var colon = new Credential("us:er", "secret");

        Assert.Throws<InvalidHeaderException>(() => new PasswordAuthenticator(colon, PasswordUse.BasicAtOnce));
        Assert.NotNull(Answer(new PasswordAuthenticator(colon, PasswordUse.WhenAsked), Call(), Digest("n")));
    }

    [Fact]
    public void A_token_is_asked_for_with_each_request()
    {
        int made = 0;
        var origin = new BearerAuthenticator(() => $"token{made++}");

        Assert.Equal("Bearer token0", origin.Preempt(Call()));
        Assert.Equal("Bearer token1", origin.Preempt(Call()));
        Assert.True(origin.Confirm(Call(), []));
    }

    [Fact]
    [Trait("check", "AU-10")]
    public void AU_10_a_refused_token_is_replaced_once_by_another_and_never_repeated()
    {
        string token = "old";
        var origin = new BearerAuthenticator(() => token);
        AuthHandshake call = Call();
        origin.Preempt(call);

        Assert.Null(Answer(origin, call, "Bearer error=\"invalid_token\""));
        token = "new";
        Assert.Null(Answer(origin, call, AskBasic));
        Assert.Equal("Bearer new", Answer(origin, call, "Bearer error=\"invalid_token\""));
        token = "newer";
        Assert.Null(Answer(origin, call, "Bearer error=\"invalid_token\""));
    }

    [Theory]
    [InlineData("a\r\nX: y")]
    [InlineData("a\n")]
    [InlineData("\u0100")]
    [Trait("check", "PX-07")]
    public void PX_07_a_token_with_a_line_end_is_refused_and_not_shown(string token)
    {
        var error = Assert.Throws<InvalidHeaderException>(() => new BearerAuthenticator(() => token).Preempt(Call()));

        Assert.DoesNotContain(token, error.Message, StringComparison.Ordinal);
    }

    private static PasswordAuthenticator Patient() => new(_user, PasswordUse.WhenAsked);

    private static AuthHandshake Call(string target = "/") => new(Patient(), "GET", target);

    private static string Digest(string nonce, bool stale = false) =>
        $"Digest realm=x, nonce={nonce}, qop=auth{(stale ? ", stale=TRUE" : "")}";

    private static string? Answer(Authenticator origin, AuthHandshake call, params string[] challenges) =>
        origin.Answer(call, 401, Headers("WWW-Authenticate", challenges));

    private static HttpHeaderDict Headers(string name, params string[] values) => new(values.Select(v => KeyValuePair.Create(name, v)));

    private static string? Field(string? header, string name) => header is null ? null : ChallengeParser.Parse([header])[0][name];
}
