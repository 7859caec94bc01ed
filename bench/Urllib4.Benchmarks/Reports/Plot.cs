using System.Globalization;
using System.Text;

namespace Urllib4.Benchmarks;

/// <summary>A picture of the ratios to HttpClient: a bar for each goal that has one, with a mark where it is to reach.</summary>
internal static class Plot
{
    private const int RowHeight = 18;
    private const int LabelWidth = 460;
    private const int BarWidth = 380;
    private const int ValueWidth = 60;
    private const int Top = 46;

    // Bars end here, whatever they stand for.
    private const double Most = 3;

    private const string Direction = "Of what happens each second more is better, of the rest less.";
    private const string Reached = "#4878a8";
    private const string Missed = "#c05a4a";

    public static string Draw(IReadOnlyList<Question> questions, Results results)
    {
        (Question Question, Goal Goal, double Ratio)[] bars =
        [
            .. from question in questions
               from goal in question.Goals
               where goal.Against == Clients.HttpClient
               let judged = results.Judged(goal)
               where judged is not null
               select (question, goal, judged.Value.Median),
        ];
        int width = LabelWidth + BarWidth + ValueWidth;
        int height = Top + (bars.Length * RowHeight) + 10;
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">
            <rect width="{width}" height="{height}" fill="#ffffff"/>
            <text x="8" y="18" font-size="13">Urllib4 by HttpClient: medians of the ratios of the same round</text>
            <text x="8" y="34" fill="#666666">The line is HttpClient, the mark the goal; red bars miss it. {Direction}</text>

            """);
        for (int i = 0; i < bars.Length; i++)
            DrawBar(svg, Top + (i * RowHeight), bars[i].Question, bars[i].Goal, bars[i].Ratio);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<line x1="{X(1):F1}" x2="{X(1):F1}" y1="{Top}" y2="{height - 10}" stroke="#222222"/>{"\n"}</svg>{"\n"}""");
        return svg.ToString();
    }

    private static void DrawBar(StringBuilder svg, int y, Question question, Goal goal, double ratio)
    {
        Scene scene = goal.Scene!;
        string label = $"{question.Number}. {scene.Workload.Name} ({scene}): {Report.NameOf(goal.Figure, scene.Workload.IsBulk)}";
        string color = goal.IsReachedBy(ratio) ? Reached : Missed;
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <text x="{LabelWidth - 6}" y="{y + 12}" text-anchor="end">{label}</text>
            <rect x="{LabelWidth}" y="{y + 2}" width="{X(ratio) - LabelWidth:F1}" height="{RowHeight - 5}" fill="{color}"/>
            <line x1="{X(goal.Limit):F1}" x2="{X(goal.Limit):F1}" y1="{y}" y2="{y + RowHeight - 1}" stroke="#e0a030" stroke-width="3"/>
            <text x="{LabelWidth + BarWidth + 6}" y="{y + 12}">{ratio:N2}</text>

            """);
    }

    private static double X(double ratio) => LabelWidth + (Math.Min(ratio, Most) / Most * BarWidth);
}
