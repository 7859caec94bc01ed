namespace Urllib4.HouseTests;

/// <summary>How these tests fail: with every violation on a line of its own.</summary>
internal static class Violations
{
    public static void AssertNone(IEnumerable<string> violations)
    {
        string[] found = [.. violations.Distinct()];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }
}
