using System.Net;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Credentials, and the challenges they answer.</summary>
internal static class IdentityScenarios
{
    private const string Basic = "WWW-Authenticate: Basic realm=\"r\"\r\n";

    private const string Digest = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5\r\n";

    public static IEnumerable<Scenario> All =>
    [
        With("credentials that nobody asks for", static s => s.Try(s.Get()), Always(Answer())),
        With("a Basic challenge", static s => s.Try(s.Get()), Challenging(Basic)),
        With("a Basic challenge to a POST", static s => s.Try(s.Post(new StringContent("again"))), Challenging(Basic)),
        With("a Basic challenge to a HEAD", static s => s.Try(new(HttpMethod.Head, s.Uri)), By(static r =>
            "HTTP/1.1 " + (r["Authorization"] is null ? "401 Who\r\n" + Basic : "200 OK\r\n") + "Content-Length: 0\r\n\r\n")),
        With("a Digest challenge", Hidden, Challenging(Digest)),
        With("a choice of challenges", Hidden, Challenging(Basic + Digest)),
        With("a challenge with a body", static s => s.Try(s.Get()), By(static r =>
            r["Authorization"] is null ? Answer("who are you?", Basic, "401 Who") : Answer())),
        With("a challenge of another scheme", static s => s.Try(s.Get()), Challenging("WWW-Authenticate: Bearer realm=\"r\"\r\n")),
        With("a challenge without any scheme", static s => s.Try(s.Get()), Always(Answer("", "", "401 Who"))),
        With("wrong credentials", static s => s.Try(s.Get()), Always(Answer("no", Basic, "401 Who"))),
        With("credentials of a domain", static s => s.Try(s.Get()), Challenging(Basic)) with
        {
            Handler = new() { Credentials = static _ => new NetworkCredential("user", "secret", "DOMAIN") },
        },
        With("credentials in a cache", static s => s.Try(s.Get()), Challenging(Basic)) with
        {
            Handler = Cached(static uri => uri, "Basic"),
        },
        With("credentials in a cache for another origin", static s => s.Try(s.Get()), Challenging(Basic)) with
        {
            Handler = Cached(static _ => new Uri("http://other.test/"), "Basic"),
        },
        With("credentials for Digest only and a Basic challenge", static s => s.Try(s.Get()), Challenging(Basic)) with
        {
            Handler = Cached(static uri => uri, "Digest"),
        },
        With("the default credentials", static s => s.Try(s.Get()), Challenging(Basic)) with
        {
            Handler = new() { Credentials = static _ => CredentialCache.DefaultCredentials },
        },
        With("a second request after a challenge", static async s =>
        {
            await s.Try(s.Get("1"));
            await s.Try(s.Get("2"));
        }, Challenging(Basic)),
        .. ((string[])["a/1 a/2", "a/1 a/", "a/1 2", "a/1 b/2", "1 a/2", "a/1?x=/y/ a/2"]).Select(static paths =>
            With($"credentials in advance: {paths}", async s =>
            {
                foreach (string path in paths.Split(' '))
                    await s.Try(s.Get(path));
            }, Challenging(Basic)) with
            {
                Handler = new()
                {
                    Credentials = static _ => new NetworkCredential("user", "secret"),
                    Theirs = static h => h.PreAuthenticate = true,
                    Ours = static h => h.PreAuthenticate = true,
                },
            }),
        With("a content that can be read once", static s => s.Try(s.Post(new StreamContent(new Once()))), Challenging(Basic)) with
        {
            Difference = "A content that can be read once",
            Ours = "401 'Who'",
        },
        With("credentials after a redirect on the same origin", static s => s.Try(s.Get("start")), By(static r =>
            r.Target == "/start" ? Answer("", "Location: /end\r\n", "302 Go") : Challenge(r, Basic))) with
        {
            Difference = "Credentials after a redirect",
            Ours = "200 'OK'",
        },
        With("credentials after a redirect to another origin", static s => s.Try(s.Get("start")), By(static r =>
            r.Target == "/start" ? Answer("", $"Location: http://localhost:{r["Host"]!.Split(':')[1]}/end\r\n", "302 Go")
                : Challenge(r, Basic))),
        With("credentials in a cache after a redirect to another origin", static s => s.Try(s.Get("start")), By(static r =>
            r.Target == "/start" ? Answer("", $"Location: http://localhost:{r["Host"]!.Split(':')[1]}/end\r\n", "302 Go")
                : Challenge(r, Basic))) with
        {
            Handler = Cached(static uri => new Uri($"http://localhost:{uri.Port}/"), "Basic"),
        },
    ];

    private static Scenario With(string name, Func<Stage, Task> play, Func<int, Dialogue> server) => new($"identity: {name}", play)
    {
        Server = server,
        Handler = new() { Credentials = static _ => new NetworkCredential("user", "secret") },
    };

    private static HandlerSet Cached(Func<Uri, Uri> origin, string scheme) => new()
    {
        Credentials = uri => new CredentialCache { { origin(uri), scheme, new NetworkCredential("user", "secret") } },
    };

    private static Func<int, Dialogue> Challenging(string challenge) => By(r => Challenge(r, challenge));

    private static string Challenge(ReceivedRequest request, string challenge) =>
        request["Authorization"] is null ? Answer("", challenge, "401 Who") : Answer();

    // The answer to a Digest challenge is random.
    private static Task Hidden(Stage s)
    {
        s.HidesHeader = "Authorization";
        return s.Try(s.Get());
    }

    private sealed class Once() : MemoryStream("once"u8.ToArray())
    {
        public override bool CanSeek => false;
    }
}
