using System.Collections;

namespace Urllib4;

/// <summary>Headers.</summary>
public sealed class HttpHeaderDict : IEnumerable<KeyValuePair<string, string>>
{
    /// <summary>The value of a header.</summary>
    public string? this[string name]
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Adds a line.</summary>
    public void Add(string name, string value) => throw new NotSupportedException();

    /// <summary>Every value.</summary>
    public IReadOnlyList<string> GetAll(string name) => throw new NotSupportedException();

    /// <summary>Is it there.</summary>
    public bool Contains(string name) => throw new NotSupportedException();

    /// <summary>Removes.</summary>
    public bool Remove(string name) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => throw new NotSupportedException();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
