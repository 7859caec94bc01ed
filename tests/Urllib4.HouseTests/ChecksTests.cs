using System.Text.RegularExpressions;

namespace Urllib4.HouseTests;

/// <summary>The numbers at tests and in comments, and <c>docs/checks.md</c>, which says what they mean, know of each other.</summary>
public sealed partial class ChecksTests
{
    private static readonly Lazy<Row[]> _rows = new(static () => [.. RowsOf(File.ReadAllText(List))]);
    private static readonly Lazy<(string Path, string Text)[]> _tests = new(static () => [.. Sources("tests")]);

    private static string List => Path.Combine(Repository.Root, "docs", "checks.md");

    [Fact]
    public void Every_number_in_the_sources_is_in_the_list()
    {
        HashSet<string> known = [.. _rows.Value.Select(static r => r.Number)];
        Violations.AssertNone(
            from file in _tests.Value.Concat(Sources("src"))
            from number in NumbersIn(file.Text).Distinct()
            where !known.Contains(number)
            select $"{file.Path}: {number} has no row in docs/checks.md");
    }

    [Fact]
    public void Every_number_in_the_list_is_there_once_and_used()
    {
        HashSet<string> used = [.. _tests.Value.Concat(Sources("src")).SelectMany(static f => NumbersIn(f.Text))];
        Violations.AssertNone(_rows.Value.Select(static r => r.Number).Where(n => !used.Contains(n)).Select(static n => $"{n} is used nowhere"));
        Violations.AssertNone(_rows.Value.CountBy(static r => r.Number).Where(static n => n.Value > 1).Select(static n => $"{n.Key} has {n.Value} rows"));
    }

    [Fact]
    public void Every_test_in_the_list_exists() => Violations.AssertNone(
        from row in _rows.Value
        from test in row.Tests.DefaultIfEmpty("no test at all")
        where !Exists(test)
        select $"{row.Number}: there is no {test}");

    [Fact]
    public void Numbers_are_found_however_they_are_written()
    {
        string letters = "RD";
        Assert.Equal(
            [$"{letters}-07", $"{letters}-07", $"{letters}-07"],
            NumbersIn($"// ({letters}-07) void {letters}_07_It_holds(); void It_holds_{letters}07() {letters}07 X{letters}-07 {letters}-071"));
        Assert.Equal(["F" + "42"], NumbersIn("void F" + "42_It_ends(); 0xF" + "42"));
    }

    private static IEnumerable<(string Path, string Text)> Sources(string directory) =>
        Repository.Read(Path.Combine(Repository.Root, directory), "*.cs").Select(f => ($"{directory}/{f.Path}", f.Text));

    private static IEnumerable<string> NumbersIn(string text) => Number().Matches(text)
        .Select(static m => m.Groups["fault"].Success ? m.Value : $"{m.Groups["kind"].Value}-{m.Groups["count"].Value}");

    private static IEnumerable<Row> RowsOf(string list) =>
        from line in list.Split('\n')
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        where cells.Length == 6 && NumbersIn(cells[1]).SequenceEqual([cells[1]])
        select new Row(cells[1], [.. cells[4].Split(',', StringSplitOptions.TrimEntries).Select(static t => t.Trim('`'))]);

    // A class, or a method of one.
    private static bool Exists(string test)
    {
        string[] names = test.Split('.');
        return _tests.Value.Any(f => Regex.IsMatch(f.Text, $@"\bclass {names[0]}\b")
            && (names.Length == 1 || f.Text.Contains($" {names[1]}(", StringComparison.Ordinal)));
    }

    // A hyphen, an underscore, or nothing behind an underscore stand between the letters and the digits.
    [GeneratedRegex("""
        (?<![A-Za-z0-9])(?<kind>AU|DC|DS|H2|IN|LM|MP|OT|PK|PX|RD|SK|TL|UR)[-_](?<count>\d\d)(?![A-Za-z0-9])
        |(?<=_)(?<kind>AU|DC|DS|IN|LM|MP|OT|PK|PX|RD|SK|TL|UR)(?<count>\d\d)(?![A-Za-z0-9])
        |(?<![A-Za-z0-9])(?<fault>F\d\d)(?![A-Za-z0-9])
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    private sealed record Row(string Number, string[] Tests);
}
