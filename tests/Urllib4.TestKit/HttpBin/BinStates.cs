using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Urllib4.TestKit;

/// <summary>Resources whose answer is a matter of status codes, credentials, cookies and validators.</summary>
internal static class BinStates
{
    private static int _turn;

    /// <summary><c>/cookies</c>, <c>/cookies/set?a=b</c> and <c>/cookies/delete?a</c>.</summary>
    public static Task Cookies(BinContext c)
    {
        if (c.Word(0) is "set" or "delete")
        {
            foreach (var (name, values) in c.Request.Query)
            {
                string end = c.Word(0) == "delete" ? "; Max-Age=0" : "";
                c.Response.Headers.Append("Set-Cookie", $"{name}={values}; Path=/{end}");
            }

            c.Response.Headers.Location = "/cookies";
            return c.Empty(StatusCodes.Status302Found);
        }

        var cookies = new JsonObject();
        foreach (var (name, value) in c.Request.Cookies)
            cookies[name] = value;
        return c.Json(new JsonObject { ["cookies"] = cookies });
    }

    /// <summary><c>/status/503</c>, or <c>/status/200,503</c> for one after the other in turn.</summary>
    public static Task Status(BinContext c)
    {
        string[] codes = (c.Word(0) ?? "").Split(',');
        int turn = codes.Length > 1 ? Interlocked.Increment(ref _turn) - 1 : 0;
        int status = int.Parse(codes[turn % codes.Length], NumberStyles.None, CultureInfo.InvariantCulture);
        if (status is 301 or 302 or 303 or 305 or 307 or 308)
            c.Response.Headers.Location = "/redirect/1";
        if (status == StatusCodes.Status401Unauthorized)
            c.Response.Headers.WWWAuthenticate = "Basic realm=\"Fake Realm\"";
        if (status == StatusCodes.Status407ProxyAuthenticationRequired)
            c.Response.Headers.ProxyAuthenticate = "Basic realm=\"Fake Realm\"";
        if (c.Parameter("retry-after") is { } pause)
            c.Response.Headers.RetryAfter = pause;
        return c.Empty(status);
    }

    public static Task BasicAuth(BinContext c)
    {
        string expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{c.Word(0)}:{c.Word(1)}"));
        if (c.Request.Headers.Authorization == expected)
            return c.Json(new JsonObject { ["authenticated"] = true, ["user"] = c.Word(0) });
        c.Response.Headers.WWWAuthenticate = "Basic realm=\"Fake Realm\"";
        return c.Empty(StatusCodes.Status401Unauthorized);
    }

    public static Task Bearer(BinContext c)
    {
        if (c.Request.Headers.Authorization.ToString().Split(' ') is ["Bearer", { Length: > 0 } token])
            return c.Json(new JsonObject { ["authenticated"] = true, ["token"] = token });
        c.Response.Headers.WWWAuthenticate = "Bearer";
        return c.Empty(StatusCodes.Status401Unauthorized);
    }

    public static Task ETag(BinContext c)
    {
        string tag = $"\"{c.Word(0)}\"";
        c.Response.Headers.ETag = tag;
        if (Matches(c.Request.Headers.IfNoneMatch.ToString(), tag))
            return c.Empty(StatusCodes.Status304NotModified);
        string wanted = c.Request.Headers.IfMatch.ToString();
        return wanted.Length > 0 && !Matches(wanted, tag) ? c.Empty(StatusCodes.Status412PreconditionFailed) : BinEcho.Request(c);
    }

    public static Task Cache(BinContext c)
    {
        IHeaderDictionary asked = c.Request.Headers;
        c.Response.Headers.ETag = "\"cached\"";
        c.Response.Headers.LastModified = "Tue, 01 Jan 2030 00:00:00 GMT";
        return asked.IfNoneMatch.Count + asked.IfModifiedSince.Count > 0 ? c.Empty(StatusCodes.Status304NotModified) : BinEcho.Request(c);
    }

    /// <summary><c>/flaky/2?id=x&amp;status=503</c>: fails so many times for one id, and then works.</summary>
    public static Task Flaky(BinContext c)
    {
        int attempt = c.Server.NextTry(c.Parameter("id") ?? "");
        return attempt <= c.Number(0)
            ? c.Empty((int)c.Parameter("status", 503))
            : c.Json(new JsonObject { ["attempt"] = attempt });
    }

    public static Task Close(BinContext c)
    {
        c.Response.Headers.Connection = "close";
        return BinEcho.Request(c);
    }

    private static bool Matches(string list, string tag) =>
        list.Split(',', StringSplitOptions.TrimEntries).Any(t => t == "*" || t == tag || t == "W/" + tag);
}
