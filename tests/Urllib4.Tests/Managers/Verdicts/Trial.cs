using Urllib4.TestKit;
using System.Collections.Immutable;
using Urllib4.Bodies;
using Urllib4.Managers;
using Urllib4.Policies;
using Urllib4.Protocol;

namespace Urllib4.Tests.Managers;

/// <summary>Facts to be judged: a GET for http://a.test/ that was wholly sent on a new connection, but for what a test says.</summary>
internal static class Trial
{
    public static CallFacts Call(string method = "GET", Retry? retries = null, RequestBody? body = null) => new()
    {
        Request = Request(method, "http://a.test/", body),
        Retries = retries ?? new Retry(),
        Redirects = RedirectOptions.Default,
        Attempts = 1,
        Redirected = [],
        Clock = new VirtualTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        Chance = static () => 0,
    };

    public static AttemptFacts Attempt(SendProgress progress = SendProgress.AllWritten, bool isReused = false) => new()
    {
        HadConnection = true,
        IsReused = isReused,
        Progress = progress,
        HasOpenedBody = true,
    };

    public static OutgoingRequest Request(string method, string url, RequestBody? body = null, params string[] headers)
    {
        HttpHeaderDict fields = [];
        foreach (string name in headers)
            fields.Add(name, "v");
        return new OutgoingRequest(method, Url.Parse(url), Url.Parse(url).RequestUri, fields.Freeze(), body);
    }

    public static ResponseHead Head(int status, params string[] lines) => new(
        new ResponseTerms(System.Net.HttpVersion.Version11, status, 0, false, true),
        "Any"u8,
        System.Text.Encoding.Latin1.GetBytes(string.Concat(lines.Select(static line => line + "\r\n"))));

    public static RequestBody OneShot() => RequestBody.FromChunks([new byte[3]], replayable: false);

    public static SentRequest Sent(CallFacts call) => new(call.Request.Method, call.Request.Url, call.Request.Headers);

    public static ImmutableList<SentRequest> Times(int count, SentRequest request) => [.. Enumerable.Repeat(request, count)];
}
