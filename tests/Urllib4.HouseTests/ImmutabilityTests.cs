using System.Collections.Immutable;
using System.Text;

namespace Urllib4.HouseTests;

/// <summary>Options are values: once made they do not change, so they can be shared between threads and used as parts of keys.</summary>
public sealed class ImmutabilityTests
{
    /// <summary>
    /// Members that may hold something mutable, each with the reason; one that no longer needs to be here has to go.
    /// To be written as <c>["Type.Member: Held is mutable"] = "why"</c>.
    /// </summary>
    private static readonly Dictionary<string, string> Tolerated = new()
    {
        ["PoolOptions.Headers: HttpHeaderDict is mutable"] = "read-only when the options are in use or copied",
        ["RequestOptions.Headers: HttpHeaderDict is mutable"] = "read-only when the options are in use or copied",
        ["PoolKey.Proxy: ProxyOptions is mutable"] = "for the headers in it, of which it keeps a read-only copy",
        ["PoolSnapshot.Key: PoolKey is mutable"] = "for the proxy in it",
        ["PoolManagerSnapshot.Pools: IReadOnlyList<PoolSnapshot> is mutable"] = "for the keys in it, and it is read-only itself",
        ["ProxyOptions.Headers: HttpHeaderDict is mutable"] = "read-only when the options are in use or copied",
        ["DownloadOptions.Request: RequestOptions is mutable"] = "for the two members of it that are listed here",
        ["RequestOptions.Fields: FieldList is mutable"] = "read-only when the options are in use or copied",
        ["RequestField.Headers: HttpHeaderDict is mutable"] = "read-only when the options are in use or copied",
        ["InformationalResponse.Headers: HttpHeaderDict is mutable"] = "frozen before anybody sees it",
        ["DialTarget.Recorder: CallRecorder is mutable"] = "it is told what happens, and nobody outside sees it",
        ["RedirectContext.Headers: HttpHeaderDict is mutable"] = "the policy of a redirect is there to edit them",
    };

    [Fact]
    public void Public_records_are_immutable()
    {
        string[] found = [.. typeof(HttpTimeout).Assembly.GetExportedTypes().Where(ImmutabilityRules.IsRecord).SelectMany(ImmutabilityRules.Violations)];

        Violations.AssertNone(found.Where(static v => !Tolerated.ContainsKey(v)));
        Violations.AssertNone(Tolerated.Keys.Except(found).Select(static v => $"no longer to be tolerated: {v}"));
    }

    [Fact]
    public void The_library_has_records_to_judge() =>
        Assert.Contains(typeof(HttpTimeout), typeof(HttpTimeout).Assembly.GetExportedTypes().Where(ImmutabilityRules.IsRecord));

    [Theory]
    [InlineData(typeof(Good), null)]
    [InlineData(typeof(GoodStruct), null)]
    [InlineData(typeof(Settable), "Settable.Number: can be set")]
    [InlineData(typeof(OpenField), "OpenField.Number: the field can be written")]
    [InlineData(typeof(HiddenState), "HiddenState._number: the field can be written")]
    [InlineData(typeof(HoldsList), "HoldsList.Names: List<String> is mutable")]
    [InlineData(typeof(HoldsArray), "HoldsArray.Bytes: Byte[] is mutable")]
    [InlineData(typeof(HoldsListsReadOnly), "HoldsListsReadOnly.Names: IReadOnlyList<List<String>> is mutable")]
    [InlineData(typeof(HoldsSettable), "HoldsSettable.Inner: Settable is mutable")]
    [InlineData(typeof(HoldsSequence), "HoldsSequence.Names: IEnumerable<String> is mutable")]
    [InlineData(typeof(Derived), "Derived.Number: can be set")]
    public void A_record_is_judged_by_what_can_change(Type record, string? violation)
    {
        Assert.True(ImmutabilityRules.IsRecord(record));
        string[] expected = violation is null ? [] : [violation];
        Assert.Equal(expected, ImmutabilityRules.Violations(record).Where(static v => !v.Contains("BackingField", StringComparison.Ordinal)));
    }

    private abstract class Contract
    {
        public int Own { get; set; }
    }

    private sealed record Good
    {
        private readonly StringBuilder _own = new();

        public TimeSpan Time { get; init; }

        public int Checked { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); }

        public IReadOnlyList<string> Names { get; init; } = [];

        public ImmutableArray<(int, string)> Pairs { get; init; }

        public Func<string, string>? Callback { get; init; }

        public Contract? Behaviour { get; init; }

        public Good? Inner { get; init; }

        public DayOfWeek? Day { get; init; }

        public override string ToString() => _own.ToString();
    }

    private readonly record struct GoodStruct(int Number, string Text);

    private record Settable
    {
        public int Number { get; set; }
    }

    private sealed record OpenField
    {
        public int Number = 1;
    }

    private sealed record HiddenState
    {
        private int _number;

        public override string ToString() => (++_number).ToString();
    }

    private sealed record HoldsList
    {
        public List<string> Names { get; init; } = [];
    }

    private sealed record HoldsArray(byte[] Bytes);

    private sealed record HoldsListsReadOnly(IReadOnlyList<List<string>> Names);

    private sealed record HoldsSettable(Settable Inner);

    private sealed record HoldsSequence(IEnumerable<string> Names);

    private sealed record Derived : Settable;
}
