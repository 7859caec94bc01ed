using System.Text;
using Urllib4.Policies.Auth;

namespace Urllib4.Tests.Policies.Auth;

public sealed class NegotiateAuthenticatorTests
{
    [Fact]
    public void Nothing_is_said_unasked()
    {
        NegotiateAuthenticator authenticator = Rig().Authenticator;
        Assert.Null(authenticator.Preempt(new AuthHandshake(authenticator, "GET", "/")));
    }

    [Theory]
    [InlineData("Negotiate", "Negotiate")]
    [InlineData("NTLM", "NTLM")]
    [InlineData("Basic realm=x, NTLM, Negotiate", "Negotiate")]
    [InlineData("Basic realm=x", null)]
    [InlineData("Digest realm=x, nonce=y, qop=auth", null)]
    public void The_stronger_scheme_that_is_offered_is_taken_and_no_other_one(string challenge, string? scheme)
    {
        var (authenticator, started) = Rig("one");
        string? answer = Answer(authenticator, new AuthHandshake(authenticator, "GET", "/"), challenge);
        Assert.Equal(scheme is null ? null : $"{scheme} {Base64("one")}", answer);
        Assert.Equal(scheme is null ? [] : new[] { scheme }, started.Select(static fake => fake.Scheme));
    }

    [Fact]
    public void Each_leg_hands_the_token_of_the_server_on_and_the_last_one_is_proof()
    {
        var (authenticator, started) = Rig("one", "two");
        var call = new AuthHandshake(authenticator, "GET", "/");
        Assert.Equal($"Negotiate {Base64("one")}", Answer(authenticator, call, "Negotiate"));
        Assert.Equal($"Negotiate {Base64("two")}", Answer(authenticator, call, $"Negotiate {Base64("challenge")}"));

        Assert.True(authenticator.Confirm(call, Headers($"Negotiate {Base64("proof")}")));

        Assert.Equal(["", "challenge", "proof"], started.Single().Received);
        Assert.True(started.Single().IsDisposed);
    }

    [Theory]
    [InlineData("forged")]
    [InlineData("half of it")] // after which the negotiation would go on
    public void A_server_whose_proof_is_wrong_is_not_believed(string proof)
    {
        var (authenticator, _) = Rig("one");
        var call = new AuthHandshake(authenticator, "GET", "/");
        Answer(authenticator, call, "Negotiate");
        Assert.False(authenticator.Confirm(call, Headers($"Negotiate {Base64(proof)}")));
    }

    [Fact]
    public void AU_10_asked_from_the_beginning_again_there_is_no_answer_and_nothing_is_left()
    {
        var (authenticator, started) = Rig("one", "two");
        var call = new AuthHandshake(authenticator, "GET", "/");
        Answer(authenticator, call, "Negotiate");
        Assert.Null(Answer(authenticator, call, "Negotiate"));
        Assert.True(started.Single().IsDisposed);
    }

    [Fact]
    public void AU_10_a_server_that_always_wants_another_leg_is_left_after_the_fourth()
    {
        var (authenticator, started) = Rig([.. Enumerable.Range(0, 100).Select(static i => $"{i}")]);
        var call = new AuthHandshake(authenticator, "GET", "/");
        int answers = 0;
        while (Answer(authenticator, call, answers == 0 ? "NTLM" : $"NTLM {Base64("more")}") is not null)
            answers++;
        Assert.Equal(4, answers);
        Assert.True(started.Single().IsDisposed);
    }

    [Fact]
    public void AU_07_a_token_that_is_no_token_ends_the_negotiation()
    {
        var (authenticator, started) = Rig("one", "two");
        var call = new AuthHandshake(authenticator, "GET", "/");
        Answer(authenticator, call, "Negotiate");
        Assert.Null(Answer(authenticator, call, "Negotiate a"));
        Assert.True(started.Single().IsDisposed);
    }

    [Fact]
    public void What_the_platform_cannot_do_leaves_the_challenge_to_the_caller()
    {
        var (authenticator, started) = Rig();
        Assert.Null(Answer(authenticator, new AuthHandshake(authenticator, "GET", "/"), "Negotiate"));
        Assert.True(started.Single().IsDisposed);
    }

    private static (NegotiateAuthenticator Authenticator, List<Fake> Started) Rig(params string[] tokens)
    {
        List<Fake> started = [];
        return (new NegotiateAuthenticator(Start, forProxy: false), started);

        Negotiation Start(string scheme)
        {
            started.Add(new Fake(scheme, tokens));
            return started[^1];
        }
    }

    private static string? Answer(Authenticator authenticator, AuthHandshake call, string challenge) =>
        authenticator.Answer(call, 401, Headers(challenge));

    private static HttpHeaderDict Headers(string challenge) => new() { ["WWW-Authenticate"] = challenge };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private sealed class Fake(string scheme, IEnumerable<string> tokens) : Negotiation
    {
        private readonly Queue<string> _tokens = new(tokens);

        public string Scheme => scheme;

        public List<string> Received { get; } = [];

        public bool IsDisposed { get; private set; }

        public override byte[]? Next(byte[] token, out NegotiationState state)
        {
            Received.Add(Encoding.UTF8.GetString(token));
            state = Received[^1] switch
            {
                "proof" => NegotiationState.Done,
                "forged" => NegotiationState.Failed,
                _ => NegotiationState.GoesOn,
            };
            return _tokens.TryDequeue(out string? next) ? Encoding.UTF8.GetBytes(next) : null;
        }

        public override void Dispose() => IsDisposed = true;
    }
}
