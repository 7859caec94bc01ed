using System.Globalization;
using System.Text;

namespace Urllib4.Cli.Load;

/// <summary>The percentiles of a load as a picture, in SVG: time against the share that came within it, by nines.</summary>
internal static class LoadPlot
{
    private const int Width = 720;
    private const int Height = 400;
    private const int Margin = 60;

    public static void Save(LoadResult result, string path)
    {
        string part = path + ".part";
        try
        {
            File.WriteAllText(part, Draw(result.Latencies));
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
            throw;
        }
    }

    private static string Draw(LatencyHistogram times)
    {
        double most = Math.Max(1, times.Max), nines = Math.Max(1, Math.Log10(Math.Max(10, times.Count)));
        var line = new StringBuilder();
        for (double n = 0; n <= nines; n += nines / 200)
        {
            double y = Height - Margin - (times.At(1 - Math.Pow(10, -n)) / most * (Height - (2 * Margin)));
            line.Append(CultureInfo.InvariantCulture, $"{X(n, nines):0.#},{y:0.#} ");
        }

        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (int n = 0; n <= (int)nines; n++)
        {
            string share = (100 * (1 - Math.Pow(10, -n))).ToString("0.#####", CultureInfo.InvariantCulture);
            svg.Append(
            CultureInfo.InvariantCulture,
            $"<line x1=\"{X(n, nines):0.#}\" x2=\"{X(n, nines):0.#}\" y1=\"{Margin}\" y2=\"{Height - Margin}\" stroke=\"#ddd\"/>\n");
            svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{X(n, nines):0.#}\" y=\"{Height - Margin + 18}\" text-anchor=\"middle\">{share} %</text>\n");
        }

        for (int i = 0; i <= 4; i++)
        {
            double y = Height - Margin - (i / 4.0 * (Height - (2 * Margin)));
            svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{Margin - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{LoadCommand.Time(most * i / 4)}</text>\n");
        }

        svg.Append(
            CultureInfo.InvariantCulture,
            $"<polyline fill=\"none\" stroke=\"#0a6\" stroke-width=\"2\" points=\"{line.ToString().TrimEnd()}\"/>\n</svg>\n");
        return svg.ToString();
    }

    private static double X(double nine, double nines) => Margin + (nine / nines * (Width - (2 * Margin)));
}
