using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>HTTP over TLS: ends, lengths, large bodies. Whom TLS trusts has tests of its own.</summary>
public sealed class TlsTests : ClientTests
{
    // Keys are dear; these do for all.
    private static readonly CertificateAuthority _authority = new();
    private static readonly IssuedCertificate _localhost = _authority.Issue("localhost");

    [Theory, ClassData(typeof(BothModes))]
    public async Task Names_wildcards_and_addresses_are_accepted_where_they_belong(Mode mode)
    {
        using IssuedCertificate certificate = _authority.Issue("localhost", "*.example.test", "127.0.0.1");
        await using var server = MisbehavingServer.Start(
            _ => new Dialogue().StartTls(certificate).Loop(static d => d.ExpectRequest().Send(Ok)));
        await using var manager = new PoolManager(new PoolOptions
        {
            Tls = new() { CaCerts = new([_authority.Root]) },
            Resolver = Everywhere(server.Port, "localhost", "a.example.test", "a.b.example.test", "example.test"),
        });

        foreach (string host in new[] { "localhost", "LOCALHOST", "a.example.test", "127.0.0.1" })
            Assert.Equal("ok", (await Send(mode, manager, "GET", $"https://{host}:{server.Port}/")).Text());
        foreach (string host in new[] { "a.b.example.test", "example.test" })
            await Fails<CertificateException>(Send(mode, manager, "GET", $"https://{host}:{server.Port}/"));

        Assert.Equal(["localhost", "a.example.test", ""], server.ServerNames.Take(3));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Plain_text_where_tls_was_expected_is_named(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Send("HTTP/1.1 400 Bad Request\r\n\r\n").ExpectEof());
        await using PoolManager manager = NewManager();

        TlsException e = await Fails<TlsException>(Send(mode, manager, "GET", server.SecureUrl));

        Assert.StartsWith("'localhost' speaks plain HTTP on this port and not TLS", e.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_end_in_the_handshake_may_be_tried_again_even_for_a_post(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().Close(), new Dialogue().StartTls(_localhost).ExpectRequest().Send(Ok));
        await using PoolManager manager = NewManager();

        UrllibResponse response = await Send(mode, manager, "POST", server.SecureUrl, new() { Body = "text" });

        Assert.IsType<TlsException>(Assert.Single(response.Retries.History).Error);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Asynchronous, false)]
    [InlineData(Mode.Asynchronous, true)]
    public async Task A_body_that_ends_with_the_connection_needs_a_proper_end(Mode mode, bool isProper)
    {
        await using MisbehavingServer server = Ending("HTTP/1.1 200 OK\r\n\r\nabc", isProper);
        await using PoolManager manager = NewManager();
        Task<UrllibResponse> call = Send(mode, manager, "GET", server.SecureUrl);

        if (isProper)
        {
            Assert.Equal("abc", (await call).Text());
        }
        else
        {
            IncompleteReadException e = await Fails<IncompleteReadException>(call);
            Assert.Equal(3, e.Received);
            Assert.Null(e.Expected);
        }

        AssertAtRest(manager);
    }

    [Theory]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Asynchronous, false)]
    [InlineData(Mode.Asynchronous, true)]
    public async Task A_body_with_a_length_is_complete_however_the_connection_ends(Mode mode, bool isProper)
    {
        await using MisbehavingServer server = Ending("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", isProper);
        await using PoolManager manager = NewManager();

        Assert.Equal("abc", (await Send(mode, manager, "GET", server.SecureUrl)).Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Large_bodies_pass_both_ways_unchanged(Mode mode)
    {
        using HttpBinServer server = HttpBinServer.Start(new() { Certificate = _localhost });
        await using PoolManager manager = NewManager();
        byte[] data = new byte[3_000_000];
        new Random(1).NextBytes(data);

        for (int i = 0; i < 3; i++)
            Assert.Equal(data, (await Send(mode, manager, "POST", server.SecureUrl + "/echo", new() { Body = data })).Data);

        Assert.Equal(1, server.Connections);
    }

    private static MisbehavingServer Ending(string response, bool isProper)
    {
        Dialogue dialogue = new Dialogue().StartTls(_localhost).ExpectRequest().Send(response);
        return MisbehavingServer.Start(isProper ? dialogue.Eof() : dialogue.Cut());
    }

    private static PoolManager NewManager() =>
        new(new PoolOptions { Tls = new() { CaCerts = new([_authority.Root]) }, Timeout = Endless });
}
