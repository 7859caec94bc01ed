namespace Urllib4.Benchmarks;

/// <summary>A table for people, which is Markdown too.</summary>
internal sealed class Table(params string[] heads)
{
    private readonly List<string[]> _rows = [heads];

    public void Add(params string[] row) => _rows.Add(row);

    public void Print(TextWriter output)
    {
        int[] widths = [.. Enumerable.Range(0, heads.Length).Select(column => _rows.Max(row => row[column].Length))];
        string[] line = [.. widths.Select(width => new string('-', width))];
        output.WriteLine();
        foreach (string[] row in (string[][])[_rows[0], line, .. _rows.Skip(1)])
            output.WriteLine($"| {string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column])))} |");
    }
}
