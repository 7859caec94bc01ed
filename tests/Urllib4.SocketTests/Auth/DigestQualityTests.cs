using System.Net;
using Urllib4.Policies.Auth;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Auth;

/// <summary>The forms of Digest beside <c>qop=auth</c>: none at all, as cameras know it (RFC 2069), and <c>auth-int</c>.</summary>
public sealed class DigestQualityTests : ClientTests
{
    private static readonly RequestOptions _alice = new() { Auth = HttpAuth.WhenAsked("alice", "secret"), Explain = true };

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_camera_without_qop_gets_its_answer(Mode mode)
    {
        await using MisbehavingServer camera = Camera("");
        await using var manager = new PoolManager();
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default) { Credentials = new NetworkCredential("alice", "secret") });

        Assert.Equal("ok", (await Send(mode, manager, "GET", camera.Url + "/a?b", _alice)).Text());
        Assert.Equal("ok", (await Send(mode, manager, "POST", camera.Url, _alice with { Body = "text" })).Text());
        using HttpResponseMessage response = await Call(
            mode, () => http.Send(new(HttpMethod.Get, camera.Url)), () => http.GetAsync(new Uri(camera.Url)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(5, camera.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Where_the_content_is_covered_it_is_hashed(Mode mode)
    {
        await using MisbehavingServer origin = Camera(", qop=\"auth-int\"");
        await using var manager = new PoolManager();

        Assert.Equal("ok", (await Send(mode, manager, "GET", origin.Url, _alice)).Text());
        Assert.Equal("ok", (await Send(mode, manager, "PUT", origin.Url + "/p", _alice with { Body = "text" })).Text());
        UrllibResponse streamed = await Send(
            mode, manager, "PUT", origin.Url, _alice with { Body = RequestBody.Create(static () => new MemoryStream([1])) });

        Assert.Equal(401, streamed.Status);
        Assert.Contains("auth-int", streamed.Report!.Attempts[^1].NotAnsweredBecause, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_report_says_that_the_password_was_wrong(Mode mode)
    {
        await using MisbehavingServer camera = Camera("");
        await using var manager = new PoolManager();

        UrllibResponse wrong = await Send(
            mode, manager, "GET", camera.Url, new() { Auth = HttpAuth.WhenAsked("alice", "wrong"), Explain = true });

        Assert.Equal((401, 2), (wrong.Status, camera.Requests.Count));
        Assert.Equal("the credentials were refused", wrong.Report!.Attempts[^1].NotAnsweredBecause);
        Assert.Null(wrong.Report.Attempts[0].NotAnsweredBecause);
    }

    // Reckons the answer by itself, as the RFCs 2069 and 2617 have it.
    private static MisbehavingServer Camera(string quality) =>
        MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(request =>
        {
            if (request["Authorization"] is { } header && header.StartsWith("Digest ", StringComparison.Ordinal))
            {
                AuthChallenge said = ChallengeParser.Parse([header])[0];
                string covered = quality.Length == 0 ? "" : $":{Md5(request.Text)}";
                string counted = quality.Length == 0 ? "" : $":{said["nc"]}:{said["cnonce"]}:auth-int";
                string right = Md5($"{Md5("alice:r:secret")}:n{counted}:{Md5($"{request.Method}:{request.Target}{covered}")}");
                if (said["response"] == right && said["uri"] == request.Target && (quality.Length > 0 || said["qop"] is null))
                    return Ok;
            }

            return "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"r\"\r\n"
                + $"WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"{quality}\r\nContent-Length: 0\r\n\r\n";
        })));

    private static string Md5(string text) => DigestAlgorithm.Find(null)!.Hash(System.Text.Encoding.UTF8.GetBytes(text));
}
