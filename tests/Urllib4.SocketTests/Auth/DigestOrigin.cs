using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Auth;

/// <summary>A server that lets alice through by Digest with SHA-256, and reckons by itself what her answer has to be.</summary>
internal sealed partial class DigestOrigin : IDisposable
{
    public const string User = "alice";
    public const string Password = "wonder land";

    private readonly Func<ReceivedRequest, string> _answer;
    private int _nonce = 1;

    /// <param name="answer">What whoever knows the password gets.</param>
    public DigestOrigin(Func<ReceivedRequest, string>? answer = null)
    {
        _answer = answer ?? (static _ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Server = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(Respond)));
    }

    public MisbehavingServer Server { get; }

    public string Url => Server.Url;

    /// <summary>Whether every nonce is said to be too old.</summary>
    public bool IsForgetful { get; set; }

    /// <summary>The nonce counts of the requests, in order; an empty text for one without an answer.</summary>
    public IEnumerable<string> Counts => Server.Requests.Select(static r => r["Authorization"] is { } header ? Part(header, "nc") : "");

    /// <summary>Forgets the nonce: the next answer to it is too old.</summary>
    public void Forget() => _nonce++;

    /// <summary>A parameter of an Authorization header.</summary>
    public static string Part(string header, string name) =>
        Parameter().Matches(header).First(m => m.Groups[1].Value == name).Groups is var groups && groups[3].Success
            ? groups[3].Value
            : groups[2].Value;

    /// <summary>What the answer to a challenge has to be, or what the server proves with, when there is no method.</summary>
    public static string Proof(string header, string method, string user = User, string password = Password) =>
        Hash($"{Hash($"{user}:{Part(header, "realm")}:{password}")}:{Part(header, "nonce")}:{Part(header, "nc")}"
            + $":{Part(header, "cnonce")}:auth:{Hash($"{method}:{Part(header, "uri")}")}");

    public void Dispose() => Server.Dispose();

    private string Respond(ReceivedRequest request)
    {
        string nonce = $"n{_nonce}";
        if (request["Authorization"] is not { } header || !header.StartsWith("Digest ", StringComparison.Ordinal))
            return Challenge(nonce, "");
        if (IsForgetful || Part(header, "nonce") != nonce)
            return Challenge($"n{(IsForgetful ? ++_nonce : _nonce)}", ", stale=true");
        bool isRight = Part(header, "response") == Proof(header, request.Method) && Part(header, "uri") == request.Target
            && Part(header, "opaque") == "o=q";
        return isRight ? _answer(request) : Challenge(nonce, "");
    }

    private static string Challenge(string nonce, string more) =>
        $"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"weak\"\r\n"
        + "WWW-Authenticate: Digest realm=\"a, b\", qop=\"auth,auth-int\", "
        + $"nonce=\"{nonce}\", opaque=\"o=q\", algorithm=SHA-256{more}\r\nContent-Length: 2\r\n\r\nno";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex("""(\w+\*?)=("([^"]*)"|[^,\s]+)""")]
    private static partial Regex Parameter();
}
