using System.Net.Security;
using System.Security.Authentication;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Pools;

/// <summary>DS-01 to DS-03: nothing that comes on an idle connection ever answers a request.</summary>
public sealed class IdleSafetyTests : ClientTests
{
    private const int Rounds = 200;
    private const string Planted = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nplanted";

    // Keys are dear; one for all will do.
    private static readonly CertificateAuthority _authority = new();
    private static readonly IssuedCertificate _certificate = _authority.Issue("localhost");

    /// <summary>What comes behind the answer, once in the same piece and once after it.</summary>
    public static TheoryData<Mode, bool, bool, string> Leftovers()
    {
        var rows = new TheoryData<Mode, bool, bool, string>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (bool tls in new[] { false, true })
            {
                foreach (bool together in new[] { false, true })
                {
                    foreach (string leftover in new[] { Planted, "X" + Planted, "\r\n", "\0" })
                        rows.Add(mode, tls, together, leftover);
                }
            }
        }

        return rows;
    }

    public static TheoryData<Mode, bool, bool> Ends()
    {
        var rows = new TheoryData<Mode, bool, bool>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (bool tls in new[] { false, true })
            {
                foreach (bool reset in new[] { false, true })
                    rows.Add(mode, tls, reset);
            }
        }

        return rows;
    }

    [Theory, MemberData(nameof(Leftovers))]
    public async Task A_planted_answer_is_never_read(Mode mode, bool tls, bool together, string leftover)
    {
        int rounds = leftover != Planted ? 10 : together ? Rounds / 4 : Rounds;
        using var planted = new SemaphoreSlim(0);
        await using var server = MisbehavingServer.Start(_ =>
        {
            Dialogue dialogue = Secure(tls).ExpectRequest();
            dialogue = together ? dialogue.Send(Ok + leftover) : dialogue.Send(Ok).Send(leftover);
            return dialogue.Respond(_ =>
            {
                planted.Release();
                return "";
            });
        });
        await using PoolManager manager = NewManager();
        string url = tls ? server.SecureUrl : server.Url;

        await Call(
            mode,
            () =>
            {
                for (int i = 0; i < rounds; i++)
                {
                    Assert.Equal("ok", manager.Request("GET", url).Text());
                    Assert.True(planted.Wait(Patience));
                }
            },
            async () =>
            {
                for (int i = 0; i < rounds; i++)
                {
                    Assert.Equal("ok", (await manager.RequestAsync("GET", url)).Text());
                    Assert.True(await planted.WaitAsync(Patience));
                }
            });

        Assert.Equal(rounds, server.Requests.Count);
        Assert.Equal(rounds, server.Connections);
        AssertAtRest(manager);
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_comes_in_one_record_with_a_body_never_lies_hidden_in_the_engine(Mode mode)
    {
        await using var server = MisbehavingServer.Start(_ => Secure(true).ExpectRequest()
            .Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n").Send(new string('b', 100) + Planted)
            .ExpectRequest().Send(Ok));
        await using PoolManager manager = NewManager();
        for (int i = 0; i < 10; i++)
        {
            UrllibResponse response = await Send(mode, manager, "GET", server.SecureUrl, new() { PreloadContent = false });
            byte[] part = new byte[50]; // less than the record
            int length = 0;
            while (await Call(mode, () => response.Read(part), () => response.ReadAsync(part).AsTask()) is > 0 and int count)
                length += count;
            Assert.Equal(100, length);
        }

        Assert.Equal(10, server.Connections);
        AssertAtRest(manager);
    }

    [Theory, MemberData(nameof(Ends))]
    public async Task A_connection_that_ended_while_idle_is_replaced_unseen(Mode mode, bool tls, bool reset)
    {
        await using var server = MisbehavingServer.Start(_ =>
        {
            Dialogue dialogue = Secure(tls).ExpectRequest().Send(Ok);
            return reset ? dialogue.Reset() : dialogue.Close();
        });
        await using PoolManager manager = NewManager();

        for (int i = 0; i < 20; i++)
        {
            UrllibResponse response = await Send(
                mode, manager, "POST", tls ? server.SecureUrl : server.Url, new() { Retries = Retry.None, Body = "once" });
            Assert.Equal("ok", response.Text());
            Assert.Empty(response.Retries.History);
            Until(() => server.OpenConnections == 0);
        }

        Assert.Equal(20, server.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_quiet_connection_is_used_again(Mode mode)
    {
        await using var server = MisbehavingServer.Start(Secure(true).Loop(static d => d.ExpectRequest().Send(Ok)));
        await using PoolManager manager = NewManager();

        for (int i = 0; i < 20; i++)
            Assert.Equal(i > 0, (await Send(mode, manager, "GET", server.SecureUrl)).Connection.IsReused);

        server.Verify();
    }

    private static Dialogue Secure(bool tls) => tls ? new Dialogue().StartTls(ServerTls()) : new Dialogue();

    private static SslServerAuthenticationOptions ServerTls()
    {
        SslServerAuthenticationOptions options = _certificate.ServerOptions();
        options.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        return options;
    }

    private static PoolManager NewManager() => new(new PoolOptions { Tls = new() { CaCerts = new([_authority.Root]) } });
}
