using System.Globalization;
using Urllib4.Policies.Auth;

namespace Urllib4.Tests.Policies.Auth;

public sealed class DigestAuthenticationTests
{
    private const string Rfc = "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "
        + "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

    private const string RfcClientNonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    private static readonly ReadOnlyMemory<byte> _nothing = ReadOnlyMemory<byte>.Empty;
    private static readonly Credential _mufasa = new("Mufasa", "Circle of Life");

    [Theory]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void The_examples_of_RFC_7616_section_3_9_1_come_out(string algorithm, string response)
    {
        var digest = TakeUp($"Digest {Rfc}, algorithm={algorithm}", _mufasa, static () => RfcClientNonce)!;

        Assert.Equal(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
            + $"uri=\"/dir/index.html\", algorithm={algorithm}, qop=auth, nc=00000001, cnonce=\"{RfcClientNonce}\", "
            + $"response=\"{response}\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
            digest.Answer("GET", "/dir/index.html", _nothing)!.Header);
    }

    [Fact]
    public void The_example_of_RFC_2617_comes_out_and_no_algorithm_is_named_unasked()
    {
        var digest = TakeUp(
            "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
            new Credential("Mufasa", "Circle Of Life"),
            static () => "0a4f113b")!;

        string header = digest.Answer("GET", "/dir/index.html", _nothing)!.Header;

        Assert.Contains("response=\"6629fae49393a05397450978507c4ef1\"", header, StringComparison.Ordinal);
        Assert.DoesNotContain("algorithm", header, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MD5-sess", "fc4896a4d58eb4178a20fa0e32e5417f")]
    [InlineData("SHA-256-sess", "926e625ce1d8d7b06add1a428c135a0a99b34fd5a387447e6bc3311e753978f3")]
    public void A_session_keeps_its_key_and_its_client_nonce(string algorithm, string expected)
    {
        int made = 0;
        var digest = TakeUp($"Digest {Rfc}, algorithm={algorithm}", _mufasa, () => $"{RfcClientNonce}{made++}")!;

        string first = digest.Answer("GET", "/dir/index.html", _nothing)!.Header;
        string second = digest.Answer("GET", "/dir/index.html", _nothing)!.Header;

        Assert.Contains($"response=\"{expected}\"", first, StringComparison.Ordinal);
        Assert.Equal(Field(first, "cnonce"), Field(second, "cnonce"));
        Assert.Equal("00000002", Field(second, "nc"));
        Assert.NotEqual(Field(first, "response"), Field(second, "response"));
        Assert.Same(digest, digest.Next("another"));
    }

    [Fact]
    public void Without_qop_the_answer_is_that_of_RFC_2069()
    {
        // The password and the nonce of RFC 2617 §3.5; the answer is that of its section 3.2.2.1 for a challenge without qop.
        var digest = TakeUp(
            "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"o\"",
            new Credential("Mufasa", "Circle Of Life"))!;

        DigestAnswer answer = digest.Answer("GET", "/dir/index.html", null)!;

        Assert.Equal(
            "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
            + "uri=\"/dir/index.html\", response=\"670fd8c2df070c60b045671b8b24ff02\", opaque=\"o\"",
            answer.Header);
        Assert.Null(answer.Proof);
    }

    [Fact]
    public void With_auth_int_the_content_is_part_of_the_answer()
    {
        var digest = TakeUp("Digest realm=r, nonce=n, qop=auth-int", new Credential("u", "p"), static () => "c")!;

        string header = digest.Answer("POST", "/x", "text"u8.ToArray())!.Header;

        Assert.Contains("qop=auth-int, nc=00000001, cnonce=\"c\"", header, StringComparison.Ordinal);
        string secret = Md5("u:r:p"), request = Md5($"POST:/x:{Md5("text")}");
        Assert.Equal(Md5($"{secret}:n:00000001:c:auth-int:{request}"), Field(header, "response"));
        Assert.Null(digest.Answer("POST", "/x", null));
        Assert.Equal("00000002", Field(digest.Answer("GET", "/x", _nothing)!.Header, "nc"));
    }

    [Fact]
    public void The_user_can_be_hashed()
    {
        string header = TakeUp($"Digest {Rfc}, algorithm=SHA-256, userhash=true", _mufasa)!.Answer("GET", "/", _nothing)!.Header;

        Assert.Equal("a947aad205e80e429958a387394944c6b496301e79f89d35a4cc23b6ee12b5b6", Field(header, "username"));
        Assert.EndsWith(", userhash=true", header, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_outside_ASCII_is_written_as_RFC_8187_has_it()
    {
        string header = TakeUp($"Digest {Rfc}", new Credential("Jäsøn \"Doe", "x"))!.Answer("GET", "/", _nothing)!.Header;

        Assert.StartsWith("Digest username*=UTF-8''J%C3%A4s%C3%B8n%20%22Doe, realm=", header, StringComparison.Ordinal);
    }

    [Fact]
    public void Quotes_and_backslashes_are_escaped_again()
    {
        var digest = TakeUp("Digest realm=\"a\\\"b\\\\c\", nonce=\"n\", qop=auth", new Credential("u\"\\v", "x"))!;
        string header = digest.Answer("GET", "/", _nothing)!.Header;

        Assert.StartsWith("Digest username=\"u\\\"\\\\v\", realm=\"a\\\"b\\\\c\", nonce=\"n\", ", header, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("check", "AU-03")]
    public void AU_03_the_target_is_the_one_on_the_wire()
    {
        string header = TakeUp($"Digest {Rfc}", _mufasa)!.Answer("CONNECT", "a.example:443", _nothing)!.Header;

        Assert.Equal("a.example:443", Field(header, "uri"));
        Assert.Equal("/%7ea?b=%20", Field(TakeUp($"Digest {Rfc}", _mufasa)!.Answer("GET", "/%7ea?b=%20", _nothing)!.Header, "uri"));
    }

    [Theory]
    [InlineData("Digest nonce=n, qop=auth")]
    [InlineData("Digest realm=x, qop=auth")]
    [InlineData("Digest realm=x, nonce=\"\", qop=auth")]
    [InlineData("Digest realm=x, nonce=n, algorithm=MD5-sess")]
    [InlineData("Digest realm=x, nonce=n, algorithm=SHA-512")]
    [InlineData("Digest realm=x, nonce=n, qop=\"auth-conf, token\"")]
    [InlineData("Digest realm=x, nonce=n, qop=auth, realm=y")]
    [InlineData("Digest realm=x, nonce=n, qop=author")]
    [InlineData("Digest realm=x, nonce=n, qop=auth, algorithm=SHA-512-256")]
    [InlineData("Digest realm=x, nonce=n, qop=auth, algorithm=token")]
    [InlineData("Digest realm=x, nonce=n, qop=auth, algorithm=\"\"")]
    public void What_cannot_be_answered_is_not_taken_up(string challenge) => Assert.Null(TakeUp(challenge, _mufasa));

    [Theory]
    [InlineData("Digest realm=x, nonce=n, qop=\"auth-int , auth\"", 3)]
    [InlineData("digest REALM=x, NONCE=n, QOP=AUTH, ALGORITHM=\"md5\"", 3)]
    [InlineData("Digest realm=\"\", nonce=n, qop=auth, algorithm=sha-256", 5)]
    [InlineData("Digest realm=x, nonce=n", 2)]
    [InlineData("Digest realm=x, nonce=n, qop=\"\"", 2)]
    [InlineData("Digest realm=x, nonce=n, algorithm=SHA-256", 4)]
    public void Case_and_blanks_do_not_matter(string challenge, int strength) =>
        Assert.Equal(strength, TakeUp(challenge, _mufasa)!.Strength);

    [Fact]
    public async Task Each_of_many_threads_gets_a_count_of_its_own()
    {
        var digest = TakeUp($"Digest {Rfc}", _mufasa)!;
        string[][] counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () => Enumerable.Range(0, 250).Select(_ => Field(digest.Answer("GET", "/", _nothing)!.Header, "nc")).ToArray(),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal(
            Enumerable.Range(1, 2000).Select(static i => i.ToString("x8", CultureInfo.InvariantCulture)),
            counts.SelectMany(static c => c).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Client_nonces_have_128_bits_and_are_fresh()
    {
        var digest = TakeUp($"Digest {Rfc}", _mufasa)!;
        string[] nonces = [.. Enumerable.Range(0, 100).Select(_ => Field(digest.Answer("GET", "/", _nothing)!.Header, "cnonce"))];

        Assert.Equal(100, nonces.Distinct().Count());
        Assert.All(nonces, static n => Assert.Equal(16, Convert.FromHexString(n).Length));
    }

    [Fact]
    public void The_next_nonce_starts_its_own_count()
    {
        var digest = TakeUp($"Digest {Rfc}", _mufasa)!;
        _ = digest.Answer("GET", "/", _nothing);

        string header = digest.Next("next").Answer("GET", "/", _nothing)!.Header;

        Assert.Equal(("next", "00000001"), (Field(header, "nonce"), Field(header, "nc")));
    }

    [Fact]
    [Trait("check", "AU-04")]
    public void AU_04_the_proof_of_the_server_is_that_of_the_same_answer_without_a_method()
    {
        var digest = TakeUp($"Digest {Rfc}, algorithm=SHA-256", _mufasa, static () => RfcClientNonce)!;
        DigestAnswer answer = digest.Answer("GET", "/dir/index.html", _nothing)!;

        Assert.Equal("86d3b25618d41854ca5039a5d7e53ff6355d5134a9b1fb088a78ac3c462195a0", answer.Proof);
    }

    [Fact]
    public void The_realm_is_hashed_byte_by_byte_as_it_came()
    {
        // The bytes of "é" in UTF-8, as they stand in headers that were read.
        var digest = TakeUp("Digest realm=\"\u00C3\u00A9\", nonce=n, qop=auth", new Credential("é", "é"), static () => "c")!;
        string header = digest.Answer("GET", "/", _nothing)!.Header;

        Assert.Equal("f8c8538c38c355059f72dfcd02a3ac7c", Field(header, "response"));
        Assert.Contains("realm=\"\u00C3\u00A9\"", header, StringComparison.Ordinal);
    }

    private static string Md5(string text) => DigestAlgorithm.Find("MD5")!.Hash(System.Text.Encoding.UTF8.GetBytes(text));

    private static DigestAuthentication? TakeUp(string challenge, Credential credential, Func<string>? chance = null)
    {
        var found = DigestAuthentication.TakeUp(
            Assert.Single(ChallengeParser.Parse([challenge])),
            credential,
            chance ?? DigestAuthentication.NewClientNonce,
            out string? whyNot);
        Assert.Equal(found is null, whyNot is not null);
        return found;
    }

    private static string Field(string header, string name) => ChallengeParser.Parse([header])[0][name]!;
}
