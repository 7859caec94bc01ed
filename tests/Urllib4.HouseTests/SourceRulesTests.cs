namespace Urllib4.HouseTests;

/// <summary>The house rules of <c>CONTRIBUTING.md</c> that a machine can keep, and the proof that it would notice.</summary>
public sealed class SourceRulesTests
{
    private readonly SourceRules _rules = new(SourceSet.Library);

    [Fact]
    public void A_long_file_says_why_it_is_one_thing() => Violations.AssertNone(_rules.LongFiles());

    [Fact]
    public void Methods_stay_under_sixty_lines() => Violations.AssertNone(_rules.LongMethods());

    [Fact]
    public void Lines_fit_the_page() => Violations.AssertNone(_rules.LongLines());

    [Fact]
    public void Nothing_is_left_for_later() => Violations.AssertNone(_rules.Leftovers());

    [Fact]
    public void Nobody_blocks_on_asynchronous_work() => Violations.AssertNone(_rules.BlockingWaits());

    [Theory]
    [InlineData("Urllib4.Cli")]
    [InlineData("Urllib4.Dns")]
    [InlineData("Urllib4.Extensions.DependencyInjection")]
    [InlineData("Urllib4.Har")]
    public void The_packages_beside_it_keep_the_same_rules(string package)
    {
        string directory = Path.Combine(Repository.Root, "src", package);
        var rules = new SourceRules(new SourceSet(Repository.Read(directory, "*.cs")));

        Violations.AssertNone(
            [.. rules.LongFiles(), .. rules.LongMethods(), .. rules.LongLines(), .. rules.Leftovers(), .. rules.BlockingWaits()]);
    }

    [Fact]
    public void A_file_of_401_lines_needs_a_reason()
    {
        Assert.Empty(Rules(Lines(400)).LongFiles());
        Assert.Single(Rules(Lines(401)).LongFiles());
        Assert.Empty(Rules("// It is one thing: a table.\n" + Lines(401)).LongFiles());
        Assert.Single(Rules("\n\n\n\n\n// It is one thing: too late.\n" + Lines(401)).LongFiles());
        Assert.Empty(new SourceRules(new SourceSet([("Primitives/A.g.cs", Lines(500))])).LongFiles());

        static string Lines(int count) => string.Concat(Enumerable.Repeat("// a\n", count));
    }

    [Theory]
    [InlineData("void F()\n{\n$}\n")]
    [InlineData("int P\n{\nget\n{\n$return 1;}\n}\n")]
    [InlineData("void G() { void F()\n{\n$}\n}")]
    [InlineData("A()\n{\n$}\n")]
    public void A_method_of_61_lines_is_found_wherever_it_is(string member)
    {
        const string head = "/// <summary>\n/// Comments do not count.\n/// </summary>\n[System.Obsolete]\n";
        Assert.NotEmpty(Rules($"class A {{\n{head}{member.Replace("$", new string('\n', 60), StringComparison.Ordinal)}}}").LongMethods());
        Assert.Empty(Rules($"class A {{\n{head}{member.Replace("$", new string('\n', 50), StringComparison.Ordinal)}}}").LongMethods());
    }

    [Fact]
    public void A_line_of_141_characters_is_found()
    {
        Assert.Empty(Rules("// " + new string('x', 137)).LongLines());
        Assert.Single(Rules("// " + new string('x', 138)).LongLines());
    }

    [Theory]
    [InlineData("// TODO: later", true)]
    [InlineData("// FIXME", true)]
    [InlineData("class A { void F() => throw new NotImplementedException(); }", true)]
    [InlineData("// no todos, and no HACKING", false)]
    public void A_leftover_is_found(string text, bool found) => Assert.Equal(found, Rules(text).Leftovers().Any());

    [Theory]
    [InlineData("Task.Run(() => { });")]
    [InlineData("_ = Task.FromResult(1).Result;")]
    [InlineData("_ = new ValueTask<int>(1).Result;")]
    [InlineData("Task.CompletedTask.Wait();")]
    [InlineData("Task.CompletedTask.GetAwaiter().GetResult();")]
    [InlineData("Task.Delay(1).ConfigureAwait(false).GetAwaiter().GetResult();")]
    public void A_blocking_wait_is_found_outside_its_one_place(string statement)
    {
        string text = $"class A {{ void F() {{ {statement} }} }}";
        Assert.NotEmpty(Rules(text).BlockingWaits());
        Assert.Empty(new SourceRules(new SourceSet([("Waiting/Blocking.cs", text)])).BlockingWaits());
    }

    [Fact]
    public void A_result_of_ours_is_no_blocking_wait() =>
        Assert.Empty(Rules("class A { int Result => 1; int F() => Result; static int Run() => 1; int G() => A.Run(); }").BlockingWaits());

    private static SourceRules Rules(string text) => new(new SourceSet([("Primitives/A.cs", text)]));
}
