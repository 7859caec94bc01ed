namespace Urllib4.Benchmarks;

/// <summary>The median of some rounds, with the least and the most.</summary>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    public static Spread? Of(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return sorted.Length == 0
            ? null
            : new Spread((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }
}

/// <summary>All that was measured, by client and scene.</summary>
internal sealed class Results
{
    private readonly Dictionary<(Scene Scene, Clients Client), List<Measurement>> _all = [];

    public IEnumerable<Scene> Scenes => _all.Keys.Select(key => key.Scene).Distinct();

    public void Add(Measurement measurement)
    {
        if (!_all.TryGetValue((measurement.Scene, measurement.Client), out List<Measurement>? list))
            _all[(measurement.Scene, measurement.Client)] = list = [];
        list.Add(measurement);
    }

    public IEnumerable<Clients> ClientsIn(Scene scene) =>
        _all.Keys.Where(key => key.Scene == scene).Select(key => key.Client).Order();

    public IReadOnlyList<Measurement> Rounds(Scene scene, Clients client) => _all.GetValueOrDefault((scene, client)) ?? [];

    /// <summary>What one client had; null if it was not measured.</summary>
    public Spread? Figure(Scene scene, Clients client, Figure figure) =>
        Spread.Of(Values(scene, client, figure).Select(pair => pair.Value));

    /// <summary>Its ratio to that of another one in the same round.</summary>
    public Spread? Ratio(Scene scene, Clients client, Figure figure, Clients against) => Spread.Of(Values(scene, client, figure)
        .Join(Values(scene, against, figure), one => one.Key, other => other.Key, (one, other) => one.Value / other.Value));

    /// <summary>What a goal is judged by; null if it was not measured.</summary>
    public Spread? Judged(Goal goal)
    {
        if (goal.Scene is not { } scene)
            return null;
        return goal.Against == Clients.None
            ? Figure(scene, Clients.Urllib4, goal.Figure)
            : Ratio(scene, Clients.Urllib4, goal.Figure, goal.Against);
    }

    /// <summary>How a goal stands, in a word or two.</summary>
    public string Verdict(Goal goal)
    {
        if (goal.Scene is null)
            return "not built";
        if (Judged(goal) is { } spread)
            return goal.IsReachedBy(spread.Median) ? "yes" : "NO";
        return goal.Figure == Benchmarks.Figure.SystemCalls ? "not counted" : "not here";
    }

    private IEnumerable<KeyValuePair<int, double>> Values(Scene scene, Clients client, Figure figure) => Rounds(scene, client)
        .Where(one => one.Figures.ContainsKey(figure))
        .Select(one => KeyValuePair.Create(one.Round, one.Figures[figure]));
}
