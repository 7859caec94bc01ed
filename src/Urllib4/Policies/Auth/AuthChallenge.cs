namespace Urllib4.Policies.Auth;

/// <summary>One challenge of a 401 or 407 (RFC 9110, section 11.3): a scheme with one token, with parameters, or alone.</summary>
internal sealed class AuthChallenge(string scheme)
{
    // Made on demand: a hostile header may hold thousands of schemes without any.
    private Dictionary<string, string>? _parameters;

    public string Scheme { get; } = scheme;

    /// <summary>What follows the scheme when it is one piece of base 64 or the like; else null.</summary>
    public string? Token68 { get; set; }

    /// <summary>The value of a parameter, without quotes and escapes; null when there is none.</summary>
    public string? this[string name] => _parameters?.GetValueOrDefault(name);

    public bool Is(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds a parameter; false when it is there already, which no challenge may have.</summary>
    public bool TryAdd(string name, string value) =>
        Token68 is null && (_parameters ??= new(StringComparer.OrdinalIgnoreCase)).TryAdd(name, value);
}
