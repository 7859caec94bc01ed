using System.Net;
using System.Net.Sockets;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>What goes wrong on the way, and as what a program sees it.</summary>
internal static class FailureScenarios
{
    // An exclamation mark: our parser refuses what the platform's lets pass.
    private static readonly (string Name, string Answer)[] _wrongHeads =
    [
        ("garbage", "this is not HTTP at all\r\n\r\n"), ("a status line that is cut", "HTTP/1.1 2\r\n\r\n"),
        ("a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"), ("a version of its own", "HTTP/3.7 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        ("a header without colon", "HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 2\r\n\r\nok"),
        ("a header without name", "HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 2\r\n\r\nok"),
        ("a blank before the colon!", "HTTP/1.1 200 OK\r\nX-A : x\r\nContent-Length: 2\r\n\r\nok"),
        ("a NUL in a header!", "HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 2\r\n\r\nok"),
        ("a head over the limit", $"HTTP/1.1 200 OK\r\nX-A: {new string('x', 70_000)}\r\nContent-Length: 2\r\n\r\nok"),
        ("two lengths that differ!", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok"),
        ("a length that is no number!", "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok"),
        ("both length and chunks!", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
        ("line feeds without carriage returns!", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
        ("a negative length!", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok"),
    ];

    private static readonly (string Name, string Answer)[] _wrongBodies =
    [
        ("a body that is cut", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!"),
        ("chunks that are cut", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
        ("chunks without the last", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"),
        ("a chunk size that is no number", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nab\r\n0\r\n\r\n"),
        ("a chunk that is longer than it says", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n0\r\n\r\n"),
        ("a chunk size of 20 digits", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\nab\r\n"),
    ];

    public static IEnumerable<Scenario> All =>
    [
        .. _wrongHeads.Select(static h => new Scenario($"a response with {h.Name.TrimEnd('!')}", static s => s.Try(s.Get()))
        {
            Server = Once(h.Answer),
            Difference = h.Name.EndsWith('!') ? "Strictness" : null,
            Ours = "HttpRequestException(InvalidResponse)",
        }),
        .. _wrongBodies.SelectMany(static b => new Scenario[]
        {
            new($"a response with {b.Name}", static s => s.Try(s.Get())) { Server = Once(b.Answer) },
            new($"a stream with {b.Name}", static s => s.Try("reading", async () =>
            {
                using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
                s.Note($"{(int)response.StatusCode}");
                await s.Read(response);
            })) { Server = Once(b.Answer) },
        }),
        new("a port where nobody listens", static s => s.Try(new(HttpMethod.Get, $"http://127.0.0.1:{FreePort()}/"))),
        new("a POST to a port where nobody listens", static s => s.Try(new(HttpMethod.Post, $"http://127.0.0.1:{FreePort()}/")
        {
            Content = new StringContent("x"),
        })),
        new("a host that does not exist", static s => s.Try(new(HttpMethod.Get, "http://name.invalid/"))),
        new("a connection closed before the head", static s => s.Try(s.Get()))
        {
            Server = static _ => new Dialogue().ExpectRequest().Close(),
            Difference = "A connection closed without an answer",
            Ours = "HttpRequestException(ResponseEnded)",
        },
        new("a connection reset before the head", static s => s.Try(s.Get()))
        {
            Server = static _ => new Dialogue().ExpectRequest().Reset(),
        },
        new("a connection closed in the middle of the head", static s => s.Try(s.Get()))
        {
            Server = static _ => new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nX-A").Close(),
        },
        new("a connection reset in the middle of the body", static async s =>
        {
            var gate = new Gate();
            using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest()
                .Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!").WaitFor(gate).Reset());
            using HttpResponseMessage response = await s.Send(new(HttpMethod.Get, server.Url), HttpCompletionOption.ResponseHeadersRead);
            await using Stream body = await s.Open(response);
            s.Note($"{await s.Read(body, new byte[5])} bytes");
            gate.Open();
            await s.Try("reading on", () => s.Read(body, new byte[5]));
        }),
        new("an idle connection that the server has closed, and a GET", static async s =>
        {
            await s.Try(s.Get("1"));
            s.Server.WaitUntilAllClosed();
            await s.Try(s.Get("2"));
        }) { Server = Once(Answer()) },
        new("an idle connection that is closed when the next GET comes", static async s =>
        {
            await s.Try(s.Get("1"));
            await s.Try(s.Get("2"));
        })
        {
            Server = static n => n == 0
                ? new Dialogue().ExpectRequest().Send(Answer()).ExpectRequest().Close()
                : new Dialogue().Loop(static d => d.ExpectRequest().Send(Answer())),
        },
        new("an idle connection that is closed when a POST comes", static async s =>
        {
            await s.Try(s.Get("1"));
            await s.Try(s.Post(new StringContent("x"), "2"));
        })
        {
            Server = static n => n == 0
                ? new Dialogue().ExpectRequest().Send(Answer()).ExpectRequest().Close()
                : new Dialogue().Loop(static d => d.ExpectRequest().Send(Answer())),
        },
        .. new[] { 421, 425 }.Select(static status => new Scenario($"{status} and then an answer", static s => s.Try(s.Get()))
        {
            Server = n => new Dialogue().Loop(d => d.ExpectRequest().Send(n == 0
                ? $"HTTP/1.1 {status} Not now\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" : Answer())),
            Difference = "421 and 425",
            Ours = "200 'OK'",
        }),
        new("a protocol that was not offered", static s => s.Try(s.Get()))
        {
            Server = Once("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
        },
        new("EnsureSuccessStatusCode", static s => s.Try("ensure", async () =>
        {
            using HttpResponseMessage response = await s.Send(s.Get());
            response.EnsureSuccessStatusCode();
        })) { Server = Always(Answer("no", "", "503 Busy")) },
        new("GetStringAsync of an error", static s => s.Try("get", () => s.Client.GetStringAsync(s.Uri)))
        {
            Server = Always(Answer("no", "", "404 Gone")),
        },
        .. Tls(),
    ];

    private static IEnumerable<Scenario> Tls()
    {
        yield return new("plain HTTP where TLS was expected", static s => s.Try(new(HttpMethod.Get, s.Server.SecureUrl)))
        {
            Server = static _ => new Dialogue().Send("HTTP/1.1 400 Bad Request\r\n\r\n").Close(),
        };
        yield return new("a certificate that nobody trusts", static async s =>
        {
            using IssuedCertificate own = CertificateAuthority.SelfSigned(Leaf.For("localhost"));
            using var server = MisbehavingServer.Start(_ => new Dialogue().StartTls(own));
            await s.Try(new(HttpMethod.Get, server.SecureUrl));
        });
        yield return Secure("a certificate for another name", ["other.test"],
            static (s, server) => s.Try(new(HttpMethod.Get, server.SecureUrl)));
        yield return Secure("a request over TLS", ["localhost"], static (s, server) => Quietly(s, server, HttpVersion.Version11, default));
        foreach (HttpVersionPolicy policy in Enum.GetValues<HttpVersionPolicy>())
        {
            yield return Secure($"version 2.0 over TLS with HTTP/1.1, {policy}", ["localhost"], (s, server) =>
                Quietly(s, server, HttpVersion.Version20, policy)) with
            {
                Difference = "Blocking calls and HTTP/2",
                DiffersIn = Mode.Blocking,
                Ours = policy == HttpVersionPolicy.RequestVersionOrLower ? "200 'OK'" : "VersionNegotiationError",
            };
        }

        yield return Secure("a redirect from https to http", ["localhost"], static async (s, server) =>
        {
            using HttpResponseMessage response = await s.Send(new(HttpMethod.Get, server.SecureUrl + "/down"));
            s.Note($"{(int)response.StatusCode}");
        });
    }

    private static Scenario Secure(string name, string[] names, Func<Stage, MisbehavingServer, Task> play) => new(name, async s =>
    {
        using IssuedCertificate certificate = ScenarioTests.Authority.Issue(names);
        using var server = MisbehavingServer.Start(_ => new Dialogue().StartTls(certificate).Loop(static d => d.ExpectRequest().Respond(
            static r => r.Target == "/down" ? Answer("", "Location: http://127.0.0.1:1/\r\n", "302 Go") : Answer())));
        await play(s, server);
    });

    // Without the address, which differs from run to run.
    private static async Task Quietly(Stage s, MisbehavingServer server, Version version, HttpVersionPolicy policy)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, server.SecureUrl) { Version = version, VersionPolicy = policy };
        await s.Try("send", async () =>
        {
            using HttpResponseMessage response = await s.Send(request);
            s.Note($"{(int)response.StatusCode} '{response.ReasonPhrase}' {response.Version}");
        });
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
