using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Urllib4.TestKit;

/// <summary>Resources that send the client elsewhere.</summary>
internal static class BinRedirects
{
    public static Task Relative(BinContext c) => Go(c, Next(c, "relative-redirect"));

    public static Task Absolute(BinContext c) => Go(c, $"{c.Request.Scheme}://{c.Request.Host}{Next(c, "absolute-redirect")}");

    /// <summary><c>/redirect-to?url=…&amp;status_code=307</c>.</summary>
    public static Task To(BinContext c) =>
        Go(
            c,
            c.Parameter("url") ?? throw new FormatException("url is missing."),
            (int)c.Parameter("status_code", StatusCodes.Status302Found));

    private static string Next(BinContext c, string resource) =>
        c.Number(0) > 1 ? string.Create(CultureInfo.InvariantCulture, $"/{resource}/{c.Number(0) - 1}") : "/get";

    private static Task Go(BinContext c, string location, int status = StatusCodes.Status302Found)
    {
        c.Response.Headers.Location = location;
        return c.Empty(status);
    }
}
