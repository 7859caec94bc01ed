using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>What programs do with an <see cref="HttpClient"/>, over the platform's handler and over ours: the same comes of it.</summary>
public sealed class ScenarioTests
{
    /// <summary>Whom both handlers trust.</summary>
    internal static CertificateAuthority Authority { get; } = new();

    private static readonly Dictionary<string, Scenario> _scenarios = Scenarios.All.ToDictionary(static s => s.Name);

    public static TheoryData<string, Mode> Rows
    {
        get
        {
            var rows = new TheoryData<string, Mode>();
            foreach (string name in _scenarios.Keys)
            {
                rows.Add(name, Mode.Blocking);
                rows.Add(name, Mode.Asynchronous);
            }

            return rows;
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task A_program_sees_what_it_sees_over_the_handler_of_the_platform(string name, Mode mode)
    {
        Scenario scenario = _scenarios[name];

        string theirs = await Play(scenario, mode, isOurs: false);
        string ours = await Play(scenario, mode, isOurs: true);

        if (scenario.Difference is null || (scenario.DiffersIn ?? mode) != mode)
        {
            Assert.True(theirs == ours, $"Over the platform's handler:\n{theirs}\nOver ours:\n{ours}");
            return;
        }

        Assert.True(theirs != ours, $"There is no difference any more:\n{ours}");
        Assert.Contains(scenario.Ours ?? "there is nothing to look for", ours, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_difference_is_on_the_page_and_every_row_of_the_page_is_a_difference()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "httpclient.md"));
        string[] rows =
        [
            .. page.Split("## What differs")[1].Split("\n## ")[0].Split('\n')
                .Where(static l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
                .Select(static l => l.Split('|')[1].Trim()),
        ];

        Assert.Equal(
            rows.Order(StringComparer.Ordinal),
            _scenarios.Values.Select(static s => s.Difference).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void There_are_at_least_a_hundred_and_fifty_scenarios() => Assert.InRange(_scenarios.Count, 150, 1000);

    private static async Task<string> Play(Scenario scenario, Mode mode, bool isOurs)
    {
        using var stage = new Stage(scenario, mode, isOurs, Authority);
        await scenario.Play(stage).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return stage.Sheet;
    }

    internal static string RepositoryRoot()
    {
        string at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Urllib4.slnx")))
            at = Path.GetDirectoryName(at) ?? throw new DirectoryNotFoundException("There is no Urllib4.slnx above the tests.");
        return at;
    }
}
