using System.Collections;
using System.Collections.Immutable;
using System.Net.Security;

namespace Urllib4;

/// <summary>The only cipher suites to offer, in the order given.</summary>
/// <remarks>
/// Where this is not possible, on Windows and Android, the system's policy is all there is. Immutable, so safe to share between threads.
/// Compared by content and order.
/// </remarks>
public sealed class CipherSuites : IReadOnlyList<TlsCipherSuite>, IEquatable<CipherSuites>
{
    private readonly ImmutableArray<TlsCipherSuite> _suites;

    /// <summary>Makes a list of cipher suites.</summary>
    /// <param name="suites">The suites.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="PlatformNotSupportedException">The system does not let programs choose.</exception>
    public CipherSuites(params IEnumerable<TlsCipherSuite> suites)
    {
        _suites = [.. suites];
        if (_suites.IsEmpty)
            throw new ArgumentException("At least one cipher suite is needed.", nameof(suites));
        if (OperatingSystem.IsWindows() || OperatingSystem.IsAndroid())
            throw new PlatformNotSupportedException("This system does not let programs choose cipher suites; its own policy holds.");
        Policy = new CipherSuitesPolicy(_suites);
    }

    /// <summary>How many there are.</summary>
    public int Count => _suites.Length;

    internal CipherSuitesPolicy Policy { get; }

    /// <summary>One of them.</summary>
    /// <param name="index">From zero.</param>
    public TlsCipherSuite this[int index] => _suites[index];

    /// <inheritdoc/>
    public bool Equals(CipherSuites? other) => other is not null && _suites.AsSpan().SequenceEqual(other._suites.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CipherSuites);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, _suites[0], _suites[^1]);

    /// <inheritdoc/>
    public IEnumerator<TlsCipherSuite> GetEnumerator() => ((IEnumerable<TlsCipherSuite>)_suites).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Their names, in order.</summary>
    /// <returns>A text for people.</returns>
    public override string ToString() => string.Join(", ", _suites);
}
