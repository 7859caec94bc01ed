using Urllib4.Policies.Auth;

namespace Urllib4.Tests.Policies.Auth;

public sealed class ChallengeParserTests
{
    [Theory]
    [InlineData("Basic realm=\"a, b\", Digest nonce=\"n\", qop=auth", "Basic realm=a, b | Digest nonce=n qop=auth")]
    [InlineData("Basic", "Basic")]
    [InlineData("Negotiate, Basic realm=x", "Negotiate | Basic realm=x")]
    [InlineData("Negotiate YWJj==, Basic realm=x", "Negotiate YWJj== | Basic realm=x")]
    [InlineData("Negotiate a-._~+/9", "Negotiate a-._~+/9")]
    [InlineData("Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic realm=\"simple\"",
        "Newauth realm=apps type=1 title=Login to \"apps\" | Basic realm=simple")]
    [InlineData("Digest realm=\"\", domain=\"\"", "Digest realm= domain=")]
    [InlineData("  ,, Basic  realm = \"x\" ,, , charset = UTF-8 ,", "Basic realm=x charset=UTF-8")]
    [InlineData("Basic ,realm=x", "Basic realm=x")]
    [InlineData("Basic\trealm=x", "Basic realm=x")]
    [InlineData("Basic realm=\"back\\\\slash\"", "Basic realm=back\\slash")]
    [InlineData("Digest REALM=a", "Digest realm=a")]
    [InlineData("Basic realm=\"é\"", "Basic realm=é")]
    [InlineData("", "")]
    [InlineData(" , ,", "")]
    [Trait("check", "AU-02")]
    public void AU_02_commas_separate_challenges_and_their_parameters(string line, string challenges) =>
        Assert.Equal(challenges, Read(line));

    [Theory]
    [InlineData("Basic realm=x, Digest realm=\"open", "Basic realm=x")]
    [InlineData("Basic realm=x, Digest realm=\"open\\", "Basic realm=x")]
    [InlineData("Basic realm=x, Digest realm=", "Basic realm=x | Digest realm=")]
    [InlineData("Basic realm=x, Digest realm=, nonce=y", "Basic realm=x")]
    [InlineData("Basic realm=x, Digest realm=a nonce=b", "Basic realm=x")]
    [InlineData("Basic realm=x, Digest realm=a, realm=b", "Basic realm=x")]
    [InlineData("Basic realm=x, Digest realm=a, REALM=a", "Basic realm=x")]
    [InlineData("Basic realm=x, Negotiate YWJj, realm=a", "Basic realm=x")]
    [InlineData("Basic realm=x, Digest @", "Basic realm=x")]
    [InlineData("Basic realm=x, Foo Bar Baz", "Basic realm=x")]
    [InlineData("Basic realm=\"x\"y", "")]
    [InlineData("realm=x", "")]
    [InlineData("\"Basic\"", "")]
    [InlineData("Basic/x", "")]
    [InlineData("=", "")]
    [Trait("check", "AU-02")]
    public void AU_02_a_broken_challenge_cannot_be_answered(string line, string challenges) =>
        Assert.Equal(challenges, Read(line));

    [Theory]
    [InlineData("Foo Bar Baz, Basic realm=x", "Basic realm=x")]
    [InlineData("Foo @, Basic realm=x", "Basic realm=x")]
    [InlineData("Foo @, Digest realm=a, nonce=b, Basic realm=x", "Digest nonce=b realm=a | Basic realm=x")]
    [InlineData("Foo realm=\"a, b\"c, Basic realm=x", "Basic realm=x")]
    [InlineData("Foo realm=\"\\\", Basic realm=no\"c, Basic realm=x", "Basic realm=x")]
    [InlineData("Foo realm=, title=y, Basic realm=x, charset=UTF-8", "Basic realm=x charset=UTF-8")]
    [InlineData("Foo realm=a, realm=b, title=c, Negotiate, Basic realm=x", "Negotiate | Basic realm=x")]
    [InlineData("Negotiate YWJj, realm=a, Basic realm=x", "Basic realm=x")]
    [InlineData("realm=x, Basic realm=y", "Basic realm=y")]
    [InlineData("=, Digest realm=a, nonce=b", "Digest nonce=b realm=a")]
    [InlineData("@@, \u0001, \"a, b\", Basic realm=y", "Basic realm=y")]
    [InlineData("Basic realm=x, Foo realm=\"open, Basic realm=y", "Basic realm=x")]
    [Trait("check", "AU-02")]
    public void AU_02_a_broken_challenge_takes_no_good_one_along(string line, string challenges) =>
        Assert.Equal(challenges, Read(line));

    [Fact]
    [Trait("check", "AU-02")]
    public void AU_02_nothing_that_a_server_can_write_makes_the_parser_throw()
    {
        string[] pieces = ["Basic", "Digest", "Foo", "realm", "nonce", "a", "=", ",", " ", "\t", "\"", "\\", "@", "/", "é", "\u0001", "=="];
        var random = new Random(12);
        for (int i = 0; i < 50_000; i++)
        {
            string line = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)]));
            List<AuthChallenge> found = ChallengeParser.Parse([line, "Basic realm=last"]);
            Assert.True(found[^1].Is("Basic") && found[^1]["realm"] == "last", line);
            ChallengeParser.ParseInfo(line);
        }
    }

    [Theory]
    [InlineData("Digest realm=\"open", "Digest")]
    [InlineData("Digest realm=\"open, Basic realm=x", "Digest")]
    [InlineData("Digest realm=, nonce=y, Basic realm=x", "Digest")]
    [InlineData("Basic realm=x, Digest realm=a nonce=b", "Digest")]
    [InlineData("Basic realm=x, digest realm=a, realm=b", "digest")]
    [InlineData("Digest @, Basic realm=x", "Digest")]
    [InlineData("Foo @, Digest realm=a, nonce=b", "Foo")]
    [InlineData("=, dIGEST realm=a, nonce=b", "")]
    [InlineData("=Digest, Basic realm=a", "Digest")]
    [InlineData("\"Digest\" realm=a", "Digest")]
    [InlineData("Foo realm=\"open, Digest realm=a, nonce=b", "Foo Digest")]
    [InlineData("Foo @, Basic realm=x", "Foo")]
    [InlineData("Basic realm=x, Digest realm=a, nonce=b", "")]
    public void A_broken_challenge_still_says_that_its_scheme_was_offered(string line, string schemes) => Assert.Equal(
        schemes,
        string.Join(' ', ChallengeParser.Parse([line]).Where(static c => c.IsBroken).Select(static c => c.Scheme).Distinct()));

    [Fact]
    [Trait("check", "AU-02")]
    public void AU_02_each_line_stands_for_itself() => Assert.Equal(
        "Basic realm=x | Digest nonce=n", Read("Basic realm=x, Digest \"", "Digest nonce=n", "nonce=m"));

    [Theory]
    [InlineData(",")]
    [InlineData("\"")]
    [InlineData("\u00A0")]
    [InlineData("=")]
    [InlineData("a ")]
    [InlineData("a, ")]
    [InlineData("a=b, ")]
    [InlineData("a a=\"\\\"")]
    [InlineData("a a, ")]
    [Trait("check", "LM-07")]
    public void LM_07_a_megabyte_of_anything_is_read_in_one_go(string piece)
    {
        string line = string.Concat(Enumerable.Repeat(piece, 1024 * 1024 / piece.Length));

        Assert.InRange(ChallengeParser.Parse(["x " + line, line]).Count, 0, line.Length);
    }

    [Fact]
    [Trait("check", "LM-07")]
    public void LM_07_many_parameters_of_one_challenge_are_found_without_comparing_each_with_each()
    {
        string line = "Digest " + string.Join(',', Enumerable.Range(0, 100_000).Select(static i => $"p{i}={i}"));

        Assert.Equal("99999", Assert.Single(ChallengeParser.Parse([line]))["P99999"]);
    }

    [Fact]
    public void The_information_after_success_has_no_scheme()
    {
        var info = ChallengeParser.ParseInfo("rspauth=\"ab\", cnonce=\"c\", nc=00000001, qop=auth");

        Assert.Equal(("ab", "00000001", null), (info!["rspauth"], info["nc"], info["nextnonce"]));
        Assert.Null(ChallengeParser.ParseInfo("rspauth=\"ab"));
        Assert.Null(ChallengeParser.ParseInfo("rspauth=a, Basic realm=b"));
    }

    private static string Read(params string[] lines) => string.Join(
        " | ", ChallengeParser.Parse(lines).Where(static c => c.Is(c.Scheme)).Select(Spell));

    private static string Spell(AuthChallenge challenge)
    {
        string[] names = ["nonce", "realm", "type", "title", "domain", "charset", "qop"];
        IEnumerable<string> parameters = names.Where(n => challenge[n] is not null).Select(n => $"{n}={challenge[n]}");
        return string.Join(' ', [challenge.Scheme, .. challenge.Token68 is { } token ? new[] { token } : [], .. parameters]);
    }
}
