namespace Urllib4;

/// <summary>A URL.</summary>
public sealed class Url : IEquatable<Url>
{
    private Url()
    {
    }

    /// <summary>The scheme in lower case, or null.</summary>
    public string? Scheme { get; }

    /// <summary>The user information, or null.</summary>
    public string? Auth { get; }

    /// <summary>The host, or null.</summary>
    public string? Host { get; }

    /// <summary>The port as written, or null.</summary>
    public int? Port { get; }

    /// <summary>The path, or null.</summary>
    public string? Path { get; }

    /// <summary>The query, or null.</summary>
    public string? Query { get; }

    /// <summary>The fragment, or null.</summary>
    public string? Fragment { get; }

    /// <summary>Path and query.</summary>
    public string RequestUri => throw new NotSupportedException();

    /// <summary>Parses.</summary>
    public static Url Parse(string url) => throw new NotSupportedException();

    /// <summary>Resolves a reference against this URL.</summary>
    public Url Resolve(string reference) => throw new NotSupportedException();

    /// <inheritdoc/>
    public bool Equals(Url? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}
