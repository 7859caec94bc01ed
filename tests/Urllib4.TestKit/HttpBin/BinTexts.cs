using System.Text.Json.Nodes;

namespace Urllib4.TestKit;

/// <summary>Resources that are always the same.</summary>
internal static class BinTexts
{
    public static Task Encoding(BinContext c) => c.Word(0) == "utf8"
        ? c.Text("text/html; charset=utf-8", "<h1>Unicode</h1>\n"
            + "<pre>∮ E⋅da = Q, n → ∞, ∑ f(i) = ∏ g(i) · Ελληνικά · Русский · ქართული · 한국어 · 🦊</pre>\n")
        : throw new FormatException("There is only /encoding/utf8.");

    public static Task Json(BinContext c) => c.Json(new JsonObject
    {
        ["slideshow"] = new JsonObject
        {
            ["title"] = "Sample Slide Show",
            ["author"] = "Yours Truly",
            ["slides"] = new JsonArray("one", "two"),
        },
    });

    public static Task Html(BinContext c) =>
        c.Text("text/html; charset=utf-8", "<!DOCTYPE html>\n<html><body><h1>Herman Melville - Moby-Dick</h1></body></html>\n");

    public static Task Robots(BinContext c) => c.Text("text/plain", "User-agent: *\nDisallow: /deny\n");

    public static Task Deny(BinContext c) => c.Text("text/plain", "You should not be here.\n");
}
