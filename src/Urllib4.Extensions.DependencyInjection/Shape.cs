using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Urllib4.DependencyInjection;

/// <summary>How a setting is written. What cannot be read is told by its full key and the rule, never by its value.</summary>
internal abstract class Shape<T>
{
    /// <summary>Reads what is at a key.</summary>
    /// <returns>Whether there is a value, and it could be read.</returns>
    public abstract bool TryRead(IConfigurationSection at, ICollection<string> failures, [MaybeNullWhen(false)] out T value);
}

/// <summary>The shapes there are.</summary>
internal static class Shape
{
    // An empty text is one: an empty path is a mistake, and not the same as no path.
    public static readonly Shape<string> Text = new TextShape();

    public static readonly Shape<int> Number = new ValueShape<int>(
        "a whole number is needed",
        static (text, out value) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value));

    public static readonly Shape<long> LongNumber = new ValueShape<long>(
        "a whole number is needed",
        static (text, out value) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value));

    public static readonly Shape<double> Decimal = new ValueShape<double>(
        "a number is needed",
        static (text, out value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value));

    public static readonly Shape<bool> Switch = new ValueShape<bool>("true or false is needed", bool.TryParse);

    // A number alone would be read as so many days.
    public static readonly Shape<TimeSpan> Time = new ValueShape<TimeSpan>(
        "a time of hours, minutes and seconds is needed, such as 00:00:10",
        static (text, out value) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value)
            && text.Contains(':', StringComparison.Ordinal));

    public static readonly Shape<IReadOnlyList<string>> Texts = new ListShape<string>(Text);

    public static readonly Shape<IReadOnlyList<int>> Numbers = new ListShape<int>(Number);

    private delegate bool TryParse<T>(string text, out T value);

    /// <summary>The name of a member, in any case; not its number.</summary>
    public static Shape<T> OneOf<T>()
        where T : struct, Enum
    {
        string[] names = Enum.GetNames<T>();
        return new ValueShape<T>(
            $"one of {string.Join(", ", names)} is needed",
            (text, out value) => Enum.TryParse(text, ignoreCase: true, out value)
                && names.Contains(text, StringComparer.OrdinalIgnoreCase));
    }

    private static bool IsAlone(IConfigurationSection at, ICollection<string> failures)
    {
        if (!at.GetChildren().Any())
            return true;
        failures.Add($"{at.Path}: one value is needed, and there are keys below it.");
        return false;
    }

    private sealed class TextShape : Shape<string>
    {
        public override bool TryRead(
            IConfigurationSection at, ICollection<string> failures, [MaybeNullWhen(false)] out string value)
        {
            value = IsAlone(at, failures) ? at.Value : null;
            return value is not null;
        }
    }

    private sealed class ValueShape<T>(string rule, TryParse<T> tryParse) : Shape<T>
        where T : struct
    {
        public override bool TryRead(IConfigurationSection at, ICollection<string> failures, out T value)
        {
            value = default;
            if (!IsAlone(at, failures) || string.IsNullOrEmpty(at.Value))
                return false;
            if (tryParse(at.Value, out value))
                return true;
            failures.Add($"{at.Path}: {rule}.");
            return false;
        }
    }

    private sealed class ListShape<T>(Shape<T> entry) : Shape<IReadOnlyList<T>>
    {
        public override bool TryRead(
            IConfigurationSection at, ICollection<string> failures, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
        {
            if (!string.IsNullOrEmpty(at.Value))
                failures.Add($"{at.Path}: each entry has a key below it, and it has no value itself.");
            List<T> entries = [];
            foreach (IConfigurationSection child in at.GetChildren())
            {
                if (entry.TryRead(child, failures, out T? one))
                    entries.Add(one);
            }

            value = entries;
            return entries.Count > 0;
        }
    }
}
