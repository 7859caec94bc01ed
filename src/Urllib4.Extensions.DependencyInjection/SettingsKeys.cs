using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace Urllib4.DependencyInjection;

/// <summary>Which keys a section may have, and how the value of each is written. Tests hold it against the properties.</summary>
internal static class SettingsKeys
{
    private static readonly Value _text = new("", static _ => true);
    private static readonly Value _number = new(
        "a whole number is needed", static text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _));

    private static readonly Value _decimal = new(
        "a number is needed", static text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static readonly Value _switch = new("true or false is needed", static text => bool.TryParse(text, out _));

    // A number alone would be read as so many days.
    private static readonly Value _time = new(
        "a time of hours, minutes and seconds is needed, such as 00:00:10",
        static text => text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _));

    private static readonly Group _all = new()
    {
        ["NumPools"] = _number, ["MaxSize"] = _number, ["Block"] = _switch, ["MaxIdleTime"] = _time, ["MaxLifetime"] = _time,
        ["TrustEnvironment"] = _switch, ["Headers"] = new Each(_text),
        ["Timeout"] = new Group
        {
            ["Pool"] = _time, ["Resolve"] = _time, ["Connect"] = _time, ["Proxy"] = _time, ["Tls"] = _time, ["Send"] = _time,
            ["Continue"] = _time, ["Head"] = _time, ["Read"] = _time, ["Total"] = _time,
            ["MinimumBytesPerSecond"] = _decimal, ["ThroughputWindow"] = _time,
        },
        ["Retries"] = new Group
        {
            ["Total"] = _number, ["Connect"] = _number, ["Read"] = _number, ["Redirect"] = _number, ["Status"] = _number,
            ["Other"] = _number, ["StatusForcelist"] = new Each(_number), ["AllowedMethods"] = new Each(_text),
            ["BackoffFactor"] = _decimal, ["BackoffMax"] = _time, ["BackoffJitter"] = _time,
            ["RespectRetryAfterHeader"] = _switch, ["RetryAfterMax"] = _time,
        },
        ["Proxy"] = new Group { ["Url"] = _text, ["NoProxy"] = new Each(_text), ["UseForwardingForHttps"] = _switch },
        ["Tls"] = new Group
        {
            ["SslMinimumVersion"] = OneOf<TlsVersion>(), ["SslMaximumVersion"] = OneOf<TlsVersion>(), ["CaCerts"] = _text,
            ["AssertFingerprint"] = _text, ["RevocationMode"] = OneOf<X509RevocationMode>(),
        },
    };

    /// <summary>What is wrong with a section: the full key and the rule, without the value.</summary>
    public static IEnumerable<string> Failures(IConfiguration section) => Failures(_all, section);

    private static IEnumerable<string> Failures(Shape shape, IConfiguration at) => shape switch
    {
        Value value => Failures(value, (IConfigurationSection)at),
        Group keys => WithoutValue(at, $"these keys are below it: {keys}")
            .Concat(at.GetChildren().SelectMany(child => keys.TryGet(child.Key, out Shape? known)
                ? Failures(known, child)
                : [$"{child.Path}: there is no such key; there are {keys}."])),
        Each each => WithoutValue(at, "each entry has a key below it")
            .Concat(at.GetChildren().SelectMany(child => Failures(each.Entry, child))),
        _ => [],
    };

    private static IEnumerable<string> Failures(Value value, IConfigurationSection at)
    {
        if (at.GetChildren().Any())
            yield return $"{at.Path}: one value is needed, and there are keys below it.";
        else if (at.Value is { Length: > 0 } text && !value.IsLegal(text))
            yield return $"{at.Path}: {value.Rule}.";
    }

    private static IEnumerable<string> WithoutValue(IConfiguration at, string rule) =>
        at is IConfigurationSection { Value.Length: > 0 } section ? [$"{section.Path}: {rule}, and it has no value itself."] : [];

    private static Value OneOf<T>()
        where T : struct, Enum
    {
        string[] names = Enum.GetNames<T>();
        return new Value(
            $"one of {string.Join(", ", names)} is needed", text => names.Contains(text, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>What is at a key.</summary>
    private abstract class Shape;

    private sealed class Value(string rule, Predicate<string> isLegal) : Shape
    {
        public string Rule => rule;

        public bool IsLegal(string text) => isLegal(text);
    }

    private sealed class Each(Value entry) : Shape
    {
        public Value Entry => entry;
    }

    private sealed class Group : Shape
    {
        private readonly SortedDictionary<string, Shape> _keys = new(StringComparer.OrdinalIgnoreCase);

        public Shape this[string key]
        {
            set => _keys.Add(key, value);
        }

        public bool TryGet(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Shape? shape) =>
            _keys.TryGetValue(key, out shape);

        public override string ToString() => string.Join(", ", _keys.Keys);
    }
}
