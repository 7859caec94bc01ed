using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>All scenarios, and what their tables share.</summary>
internal static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        .. ResponseScenarios.All, .. RequestScenarios.All, .. ContentScenarios.All, .. RedirectScenarios.All, .. CookieScenarios.All,
        .. DecompressionScenarios.All, .. FailureScenarios.All, .. CancellationScenarios.All, .. LifetimeScenarios.All,
        .. IdentityScenarios.All, .. ProxyScenarios.All, .. MethodScenarios.All, .. TlsScenarios.All,
        .. CallbackScenarios.All, .. StreamScenarios.All,
    ];

    /// <summary>A server that gives every request the same answer, on connections that stay open.</summary>
    public static Func<int, Dialogue> Always(string answer) => _ => new Dialogue().Loop(d => d.ExpectRequest().Send(answer));

    /// <summary>A server that closes after its first answer.</summary>
    public static Func<int, Dialogue> Once(string answer) => _ => new Dialogue().ExpectRequest().Send(answer).Close();

    /// <summary>A server whose answer depends on the request.</summary>
    public static Func<int, Dialogue> By(Func<ReceivedRequest, string> answer) =>
        _ => new Dialogue().Loop(d => d.ExpectRequest().Respond(answer));

    /// <summary>A whole response.</summary>
    public static string Answer(string body = "ok", string headers = "", string status = "200 OK") =>
        $"HTTP/1.1 {status}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>Bytes as the dialogues write them.</summary>
    public static string Latin1(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
