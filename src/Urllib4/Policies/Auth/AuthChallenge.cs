namespace Urllib4.Policies.Auth;

/// <summary>One challenge of a 401 or 407 (RFC 9110, section 11.3): a scheme with one token, with parameters, or alone.</summary>
internal sealed class AuthChallenge(string scheme)
{
    // Made on demand: a hostile header may hold thousands of schemes without any.
    private Dictionary<string, string>? _parameters;

    public string Scheme { get; } = scheme;

    /// <summary>What follows the scheme when it is one piece of base 64 or the like; else null.</summary>
    public string? Token68 { get; set; }

    /// <summary>
    /// Whether its text could not be read. Such a challenge cannot be answered, but it says that the scheme was offered.
    /// </summary>
    public bool IsBroken { get; init; }

    /// <summary>The value of a parameter, without quotes and escapes; null when there is none.</summary>
    public string? this[string name] => _parameters?.GetValueOrDefault(name);

    /// <summary>Whether it is of that scheme, and can be read.</summary>
    public bool Is(string scheme) => !IsBroken && Offers(scheme);

    /// <summary>Whether it is of that scheme, though it may be broken.</summary>
    public bool Offers(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds a parameter; false when it is there already, which no challenge may have.</summary>
    public bool TryAdd(string name, string value) =>
        Token68 is null && (_parameters ??= new(StringComparer.OrdinalIgnoreCase)).TryAdd(name, value);
}
