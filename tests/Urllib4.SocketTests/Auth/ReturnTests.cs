using System.Net;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Auth;

/// <summary>
/// Secrets that a call takes along, by whichever door they came in: another scheme, host or port never sees them, and the origin they are
/// for does not when somebody else has sent the call back to it (RD-08).
/// </summary>
public sealed class ReturnTests : ClientTests
{
    private static readonly CertificateAuthority _authority = new();

    /// <summary>Each way in which a program can give secrets to the library.</summary>
    private static readonly Dictionary<string, Func<string, (PoolOptions Manager, RequestOptions Own, string UserInfo)>> _doors = new()
    {
        ["HttpAuth.Basic"] = static _ => (new(), new() { Auth = HttpAuth.Basic("alice", "secret") }, ""),
        ["HttpAuth.WhenAsked"] = static _ => (new(), new() { Auth = HttpAuth.WhenAsked("alice", "secret") }, ""),
        ["HttpAuth.Bearer"] = static _ => (new(), new() { Auth = HttpAuth.Bearer("secret") }, ""),
        ["user information"] = static _ => (new(), new(), "alice:secret@"),
        ["a source"] = static _ => (new() { Credentials = new OfHome() }, new(), ""),
        ["netrc"] = static netrc => (new() { Credentials = CredentialSource.FromNetrc(netrc) }, new(), ""),
        ["netrc with a user"] = static netrc => (new() { Credentials = CredentialSource.FromNetrc(netrc) }, new(), "alice@"),
        ["headers"] = static _ => (new(), new() { Headers = Secrets() }, ""),
        ["headers of the manager"] = static _ => (new() { Headers = Secrets() }, new(), ""),
    };

    public static MatrixTheoryData<Mode, string> Doors => new(Enum.GetValues<Mode>(), _doors.Keys);

    [Theory, MemberData(nameof(Doors))]
    public async Task Another_port_of_the_host_gets_nothing_and_home_nothing_after_it(Mode mode, string door)
    {
        using var directory = new TemporaryDirectory();
        var (options, own, user) = _doors[door](directory.Write("netrc", "machine 127.0.0.1 login alice password secret\n"));
        MisbehavingServer home = null!;
        await using var other = MisbehavingServer.Start(_ => Origin(r => r.Target == "/away" ? To(home.Url + "/back") : Ok));
        await using (home = MisbehavingServer.Start(_ => Origin(r => Away(r, other))))
        {
            OfHome.Port = home.Port;
            await using var manager = new PoolManager(options);

            Assert.Equal(200, (await Send(mode, manager, "GET", $"http://{user}127.0.0.1:{home.Port}/", own)).Status);

            AssertSecret(home.Requests.SkipLast(1), expected: true);
            AssertSecret([.. other.Requests, home.Requests[^1]], expected: false);
            Assert.Equal("/back", home.Requests[^1].Target);
        }
    }

    [Theory, MemberData(nameof(Doors))]
    public async Task The_same_host_in_another_scheme_gets_nothing(Mode mode, string door)
    {
        using var directory = new TemporaryDirectory();
        var (options, own, user) = _doors[door](directory.Write("netrc", "machine localhost login alice password secret\n"));
        IssuedCertificate certificate = _authority.Issue("localhost");
        await using var secure = MisbehavingServer.Start(_ => new Dialogue().StartTls(certificate).Loop(Answering(static _ => Ok)));
        await using var plain = MisbehavingServer.Start(_ => Origin(_ => To($"https://localhost:{secure.Port}/")));
        OfHome.Port = plain.Port;
        await using var manager = new PoolManager(options with { Tls = new() { CaCerts = new([_authority.Root]) } });

        Assert.Equal(200, (await Send(mode, manager, "GET", $"http://{user}localhost:{plain.Port}/", own)).Status);

        AssertSecret(secure.Requests, expected: false);
        AssertSecret(plain.Requests, expected: true);
    }

    public static MatrixTheoryData<Mode, string> HandlerDoors => new(
        Enum.GetValues<Mode>(), ["NetworkCredential", "CredentialCache", "headers", "options", "netrc"]);

    [Theory, MemberData(nameof(HandlerDoors))]
    public async Task Under_HttpClient_it_is_the_same(Mode mode, string door)
    {
        using var directory = new TemporaryDirectory();
        string netrc = directory.Write("netrc", "machine 127.0.0.1 login alice password secret\n");
        MisbehavingServer home = null!;
        await using var other = MisbehavingServer.Start(_ => Origin(r => r.Target == "/away" ? To(home.Url + "/back") : Ok));
        await using (home = MisbehavingServer.Start(_ => Origin(r => Away(r, other))))
        {
            var credential = new NetworkCredential("alice", "secret");
            using UrllibHandler handler = door == "netrc"
                ? new(new PoolOptions { Credentials = CredentialSource.FromNetrc(netrc) })
                : new();
            handler.Credentials = door switch
            {
                "NetworkCredential" => credential,
                "CredentialCache" => new CredentialCache { { new Uri(home.Url), "Basic", credential } },
                _ => null,
            };
            using var http = new HttpClient(handler);
            using var request = new HttpRequestMessage(HttpMethod.Get, home.Url + "/");
            if (door == "headers")
            {
                foreach ((string name, string value) in Secrets())
                    request.Headers.Add(name, value);
            }
            else if (door == "options")
            {
                request.Options.Set(UrllibHandler.RequestOptionsKey, new() { Auth = HttpAuth.Basic("alice", "secret") });
            }

            using HttpResponseMessage response =
                await Call(mode, () => http.Send(request), () => http.SendAsync(request)).WaitAsync(Patience);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains(home.Requests, HasSecret);
            AssertSecret([.. other.Requests, home.Requests[^1]], expected: false);
            Assert.Equal("/back", home.Requests[^1].Target);
        }
    }

    // Whoever says nothing unasked is asked here, so that the answer is seen.
    private static Dialogue Origin(Func<ReceivedRequest, string> answer) => new Dialogue().Loop(Answering(
        r => r["Authorization"] is null && r.Target is "/" or "/near" && r["X-Api-Key"] is null
            ? "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n"
            : answer(r)));

    // Once on at home, then to the other origin.
    private static string Away(ReceivedRequest request, MisbehavingServer other) =>
        request.Target == "/" ? To("/near") : request.Target == "/near" ? To(other.Url + "/away") : Ok;

    private static Action<Dialogue> Answering(Func<ReceivedRequest, string> answer) => d => d.ExpectRequest().Respond(answer);

    private static string To(string location) => $"HTTP/1.1 302 Go\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n";

    private static HttpHeaderDict Secrets() =>
        new() { { "Authorization", "Bearer secret" }, { "Cookie", "id=secret" }, { "X-Api-Key", "secret" } };

    private static bool HasSecret(ReceivedRequest request) =>
        request["Authorization"] is not null || request["Cookie"] is not null || request["X-Api-Key"] is not null;

    private static void AssertSecret(IEnumerable<ReceivedRequest> requests, bool expected)
    {
        // A first request without credentials may have been challenged; its answer is what counts.
        ReceivedRequest[] all = [.. requests];
        Assert.NotEmpty(all);
        Assert.All(all.GroupBy(static r => r.Target), path => Assert.True(path.Any(HasSecret) == expected, $"{path.Key}: {!expected}"));
    }

    /// <summary>Answers for one port of any host, as a careful source does.</summary>
    private sealed class OfHome : CredentialSource
    {
        private static readonly AsyncLocal<int> _port = new();

        public static int Port
        {
            get => _port.Value;
            set => _port.Value = value;
        }

        public override HttpAuth? Find(Url origin)
        {
            ArgumentNullException.ThrowIfNull(origin);
            return origin.Port == Port ? HttpAuth.Basic("alice", "secret") : null;
        }
    }
}
