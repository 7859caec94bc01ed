using Microsoft.AspNetCore.Http;

namespace Urllib4.TestKit;

/// <summary>Resources that take their time: real time, or until the test lets them go.</summary>
internal static class BinTimes
{
    public static async Task Delay(BinContext c)
    {
        double seconds = double.Parse(c.Word(0) ?? "", System.Globalization.CultureInfo.InvariantCulture);
        await Task.Delay(TimeSpan.FromSeconds(Math.Min(seconds, 10)), c.Aborted);
        await BinEcho.RequestWithBody(c);
    }

    /// <summary><c>/drip?duration=2&amp;numbytes=10&amp;code=200&amp;delay=0</c>: bytes spread evenly over the time.</summary>
    public static async Task Drip(BinContext c)
    {
        int bytes = (int)c.Parameter("numbytes", 10);
        TimeSpan pause = TimeSpan.FromSeconds(c.Parameter("duration", 2) / Math.Max(1, bytes));
        await Task.Delay(TimeSpan.FromSeconds(c.Parameter("delay", 0)), c.Aborted);
        c.Response.StatusCode = (int)c.Parameter("code", StatusCodes.Status200OK);
        c.Response.ContentType = "application/octet-stream";
        c.Response.ContentLength = bytes;
        for (int i = 0; i < bytes; i++)
        {
            await c.Part("*"u8.ToArray());
            await Task.Delay(pause, c.Aborted);
        }
    }

    /// <summary><c>/hold?id=x</c>: answers when the test releases the id.</summary>
    public static async Task Hold(BinContext c)
    {
        await c.Server.HoldAsync(c.Parameter("id") ?? "", c.Aborted);
        await BinEcho.RequestWithBody(c);
    }
}
