using System.Collections;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Urllib4.DependencyInjection;

/// <summary>
/// The keys of one section: each with its name, its shape and what it sets. They are applied in the order in which they were added. A rule
/// that a value breaks is told in the words of the option; where these could show a secret, in words of their own.
/// </summary>
/// <param name="neededKey">A key without which the others mean nothing, unless there are options already; null for none.</param>
internal sealed class SettingsGroup<TOptions>(string? neededKey = null) : IEnumerable<string>
{
    private readonly List<Key> _keys = [];

    /// <summary>A key with a value.</summary>
    /// <param name="name">The key.</param>
    /// <param name="shape">How its value is written.</param>
    /// <param name="set">What it sets.</param>
    /// <param name="rule">What is told when that is refused; null for what the option says.</param>
    public void Add<T>(string name, Shape<T> shape, Func<TOptions, T, TOptions> set, string? rule = null) =>
        _keys.Add(new Key(name, [name], (options, at, failures) => shape.TryRead(at, failures, out T? value)
            ? Try(options, at, failures, o => set(o, value), rule)
            : options));

    /// <summary>A key with any names below it, each with a value of the same shape.</summary>
    public void Add<T>(string name, Shape<T> shape, Func<TOptions, string, T, TOptions> set, string? rule = null) =>
        _keys.Add(new Key(name, [name], (options, at, failures) =>
        {
            if (!string.IsNullOrEmpty(at.Value))
                failures.Add($"{at.Path}: each entry has a key below it, and it has no value itself.");
            foreach (IConfigurationSection child in at.GetChildren())
            {
                if (shape.TryRead(child, failures, out T? value))
                    options = Try(options, child, failures, o => set(o, child.Key, value), rule);
            }

            return options;
        }));

    /// <summary>A key with other keys below it.</summary>
    public void Add<TInner>(
        string name, SettingsGroup<TInner> keys, Func<TOptions, TInner> get, Func<TOptions, TInner, TOptions> set) =>
        _keys.Add(new Key(
            name,
            keys.Keys.Select(inner => $"{name}:{inner}"),
            (options, at, failures) => set(options, keys.Apply(get(options), at, failures))));

    /// <summary>Every key that takes a value, in full as seen from this section.</summary>
    public IEnumerable<string> Keys => _keys.SelectMany(static key => key.Paths);

    /// <summary>
    /// The options with what a section says. What is wrong is left out and told: the full key and the rule, without the value.
    /// </summary>
    public TOptions Apply(TOptions options, IConfiguration at, ICollection<string> failures)
    {
        if (at is IConfigurationSection { Value.Length: > 0 } own)
            failures.Add($"{own.Path}: these keys are below it: {this}, and it has no value itself.");
        ILookup<bool, IConfigurationSection> given = at.GetChildren().ToLookup(IsKnown);
        foreach (IConfigurationSection unknown in given[false])
            failures.Add($"{unknown.Path}: there is no such key; there are {this}.");
        if (neededKey is { } needed && options is null
            && at.GetSection(needed) is { Value: null or "" } missing && !missing.GetChildren().Any())
        {
            if (given[true].Any(child => !child.Key.Equals(needed, StringComparison.OrdinalIgnoreCase)))
                failures.Add($"{missing.Path}: it is missing, and the other keys mean nothing without it.");
            return options;
        }

        foreach (Key key in _keys)
            options = key.Apply(options, at.GetSection(key.Name), failures);
        return options;
    }

    /// <summary>The names of the keys.</summary>
    public IEnumerator<string> GetEnumerator() => _keys.Select(static key => key.Name).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The names of the keys for a message.</summary>
    public override string ToString() => string.Join(", ", this.Order(StringComparer.Ordinal));

    private bool IsKnown(IConfigurationSection at) => this.Contains(at.Key, StringComparer.OrdinalIgnoreCase);

    private static TOptions Try(
        TOptions options, IConfigurationSection at, ICollection<string> failures, Func<TOptions, TOptions> set, string? rule)
    {
        try
        {
            return set(options);
        }
        catch (Exception e) when (e is ArgumentException or HttpException
            or IOException or UnauthorizedAccessException or CryptographicException)
        {
            // An ArgumentException adds the parameter and the value to what it was given.
            failures.Add($"{at.Path}: {rule ?? e.Message.Split(" (Parameter ", 2)[0]}");
            return options;
        }
    }

    private sealed record Key(
        string Name, IEnumerable<string> Paths, Func<TOptions, IConfigurationSection, ICollection<string>, TOptions> Apply);
}
