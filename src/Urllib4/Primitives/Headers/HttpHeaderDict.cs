using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// The headers of a request or a response: lines of name and value, in the order and spelling in which they were added or received;
/// urllib3's <c>HTTPHeaderDict</c>. Names are looked up without regard to case, and one name may have several lines.
/// </summary>
/// <remarks>
/// <para>
/// Names and values are checked when they are added: a name is a token of RFC 9110, section 5.6.2; a value holds HTAB, SP, visible ASCII
/// and U+0080 to U+00FF, which travel as one byte of Latin-1 each. Blanks around a value are no part of it and are taken off.
/// Received values are kept as they came, with each byte above 0x7F as the character of that number.
/// </para>
/// <para>
/// Enumerating gives every line, so a name with two lines comes twice; <see cref="Count"/> and <see cref="Names"/> count it once.
/// A foreach over the lines fails when they are changed under it.
/// </para>
/// <para>
/// Any number of threads may read at the same time, also received headers, which are taken apart on first use. Writing is for one thread
/// with no reader beside it; <see cref="AsReadOnly"/> gives headers that nobody can write.
/// </para>
/// </remarks>
public sealed partial class HttpHeaderDict : IEnumerable<KeyValuePair<string, string>>, IEquatable<HttpHeaderDict>
{
    /// <summary>
    /// As the value of <c>Accept-Encoding</c>, <c>Host</c> or <c>User-Agent</c>: send no such header, not even the automatic one;
    /// urllib3's <c>SKIP_HEADER</c>. It is recognised by reference, so a server or a user cannot spell it.
    /// </summary>
    /// <remarks>
    /// It stands alone: it replaces the lines its name has, and a line added later replaces it. Other names refuse it with
    /// <see cref="InvalidHeaderException"/>.
    /// </remarks>
    public static string SkipHeader { get; } = new("@@@SKIP_HEADER@@@".AsSpan());

    private bool _readOnly;

    /// <summary>Creates headers without lines.</summary>
    public HttpHeaderDict()
    {
    }

    /// <summary>Creates headers with the given lines, in their order; a name that comes twice has two lines.</summary>
    /// <param name="lines">Names and values; other headers, a dictionary or any sequence of pairs. It is copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="lines"/> or a name or value in it is null.</exception>
    /// <exception cref="InvalidHeaderException">A name or value cannot be sent.</exception>
    public HttpHeaderDict(IEnumerable<KeyValuePair<string, string>> lines) => Extend(lines);

    private HttpHeaderDict(HttpHeaderDict source)
    {
        _wire = source._wire;
        if (Volatile.Read(ref source._lines) is { } lines)
            _lines = new(lines);
    }

    /// <summary>How many different names there are. The number of lines may be larger.</summary>
    public int Count => Names.Count;

    /// <summary>The different names, in the order and spelling in which each came first; a copy.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            var names = new List<string>();
            foreach (var (name, _) in Lines)
            {
                if (seen.Add(name))
                    names.Add(name);
            }

            return names;
        }
    }

    /// <summary>Whether changing these headers fails; see <see cref="AsReadOnly"/>.</summary>
    public bool IsReadOnly => _readOnly;

    /// <summary>Gets or sets the value of a header.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <value>
    /// Got: the value; the values of several lines joined by a comma and a blank (RFC 9110, section 5.3), in order; null when there is no
    /// such header. A <c>Set-Cookie</c> cannot be joined, as cookies hold commas of their own: only its first line is given, and
    /// <see cref="GetAll"/> gives each.
    /// Set: one line with this value replaces all lines of that name, in the place of the first and with the spelling given now;
    /// null removes them.
    /// </value>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidHeaderException">The name or value set cannot be sent.</exception>
    /// <exception cref="InvalidOperationException">Setting in headers that are read-only.</exception>
    public string? this[string name]
    {
        get
        {
            var matches = Find(name);
            if (!matches.MoveNext())
                return null;
            string value = matches.Value;
            return HeaderNames.Same(name, HeaderNames.SetCookie) || !matches.MoveNext() ? value : Join(value, ref matches, ", ");
        }

        set
        {
            ArgumentNullException.ThrowIfNull(name);
            if (value is null)
                Remove(name);
            else
                Replace(name, Check(name, value));
        }
    }

    /// <summary>Adds a line after all others. Lines the name already has stay; set the indexer to replace them.</summary>
    /// <param name="name">The name, in the spelling to send.</param>
    /// <param name="value">The value; may be empty, or <see cref="SkipHeader"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidHeaderException">The name or value cannot be sent.</exception>
    /// <exception cref="InvalidOperationException">These headers are read-only.</exception>
    public void Add(string name, string value) => Add(name, value, combine: false);

    /// <summary>Adds a value, as a line of its own or at the end of the last line of that name.</summary>
    /// <param name="name">The name, in the spelling to send.</param>
    /// <param name="value">The value; may be empty, or <see cref="SkipHeader"/>.</param>
    /// <param name="combine">
    /// Whether to append the value, after a comma and a blank, to the last line of that name if it has one. A <c>Set-Cookie</c> is never
    /// combined (RFC 9110, section 5.3) but gets its own line.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidHeaderException">The name or value cannot be sent.</exception>
    /// <exception cref="InvalidOperationException">These headers are read-only.</exception>
    public void Add(string name, string value, bool combine)
    {
        value = Check(name, value);
        var lines = Writable();
        int last = combine ? LastOf(lines, name) : -1;
        if (HeaderNames.IsSkippable(name) && (ReferenceEquals(value, SkipHeader) || IsSkipped(name)))
            Replace(name, value);
        else if (last < 0 || HeaderNames.Same(name, HeaderNames.SetCookie))
            lines.Add(new(name, value));
        else
            lines[last] = new(lines[last].Key, $"{lines[last].Value}, {value}");
    }

    /// <summary>Adds a line unless the name has one; urllib3's <c>setdefault</c>.</summary>
    /// <param name="name">The name, in the spelling to send.</param>
    /// <param name="value">The value; may be empty, or <see cref="SkipHeader"/>.</param>
    /// <returns>Whether the line was added.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidHeaderException">The name or value cannot be sent.</exception>
    /// <exception cref="InvalidOperationException">These headers are read-only.</exception>
    public bool TryAdd(string name, string value)
    {
        if (Contains(name))
            return false;
        Add(name, value);
        return true;
    }

    /// <summary>Adds lines after all others, in their order; those already there stay.</summary>
    /// <param name="lines">Names and values; other headers, a dictionary or any sequence of pairs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="lines"/> or a name or value in it is null.</exception>
    /// <exception cref="InvalidHeaderException">A name or value cannot be sent; the lines before it were added.</exception>
    /// <exception cref="InvalidOperationException">These headers are read-only.</exception>
    public void Extend(IEnumerable<KeyValuePair<string, string>> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        foreach (var (name, value) in Detached(lines))
            Add(name, value);
    }

    /// <summary>Replaces the lines of every name that is in <paramref name="lines"/> by the lines given for it; others stay.</summary>
    /// <param name="lines">Names and values; other headers, a dictionary or any sequence of pairs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="lines"/> or a name or value in it is null.</exception>
    /// <exception cref="InvalidHeaderException">A name or value cannot be sent; the lines before it were taken over.</exception>
    /// <exception cref="InvalidOperationException">These headers are read-only.</exception>
    public void Update(IEnumerable<KeyValuePair<string, string>> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var replaced = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Detached(lines))
        {
            if (replaced.Add(name))
                this[name] = value ?? throw new ArgumentNullException(nameof(lines));
            else
                Add(name, value);
        }
    }

    /// <summary>Removes all lines of a name; urllib3's <c>discard</c>.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">These headers are read-only.</exception>
    public bool Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Writable().RemoveAll(line => HeaderNames.Same(line.Key, name)) > 0;
    }

    /// <summary>Removes all lines of a name and gives the value they had; urllib3's <c>pop</c>.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <param name="value">The value as the indexer gives it, or null when there was none.</param>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">These headers are read-only.</exception>
    public bool Remove(string name, [NotNullWhen(true)] out string? value)
    {
        value = this[name];
        return Remove(name);
    }

    /// <summary>Whether there is a line of that name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool Contains(string name) => Find(name).MoveNext();

    /// <summary>Gives the value of a header, if there is one.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <param name="value">The value as the indexer gives it, or null.</param>
    /// <returns>Whether there is such a header.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool TryGetValue(string name, [NotNullWhen(true)] out string? value) => (value = this[name]) is not null;

    /// <summary>Gives the value of each line of a name, never split at commas; urllib3's <c>getlist</c>.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The values in the order of the lines; a copy, empty when there is no such header.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public IReadOnlyList<string> GetAll(string name)
    {
        var matches = Find(name);
        if (!matches.MoveNext())
            return [];
        var values = new List<string>(1) { matches.Value };
        while (matches.MoveNext())
            values.Add(matches.Value);
        return values;
    }

    /// <summary>Gives headers with the same lines that can be changed without changing these; urllib3's <c>copy</c>.</summary>
    public HttpHeaderDict Clone() => new(this);

    /// <summary>Gives headers with these lines that nobody can change, to share: a copy, or these themselves if read-only.</summary>
    public HttpHeaderDict AsReadOnly() => _readOnly ? this : Clone().Freeze();

    /// <summary>Gives every line in order, with the name as it was spelled.</summary>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Materialise().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// Whether both have the same names, regardless of case and order, with the same values, however these were spread over lines;
    /// only for <c>Set-Cookie</c> the lines themselves are compared.
    /// </summary>
    /// <param name="other">The other headers.</param>
    public bool Equals([NotNullWhen(true)] HttpHeaderDict? other)
    {
        if (other is null)
            return false;
        if (ReferenceEquals(this, other))
            return true;
        var names = Names;
        if (names.Count != other.Count)
            return false;
        foreach (string name in names)
        {
            if (Merged(name) != other.Merged(name))
                return false;
        }

        return true;
    }

    /// <inheritdoc cref="Equals(HttpHeaderDict?)"/>
    /// <param name="obj">The other headers.</param>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as HttpHeaderDict);

    /// <summary>A hash code that equal headers share. It changes when the headers change.</summary>
    public override int GetHashCode()
    {
        int sum = 0;
        foreach (string name in Names)
            sum += HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(name), Merged(name));
        return sum;
    }

    /// <summary>
    /// The lines as text for people, one <c>Name: value</c> each. Values are shown of headers that describe the message, such as
    /// <c>Content-Type</c>, with what is not visible ASCII escaped and long values cut (IN-12). Any other value may be a secret, and is
    /// <c>[redacted]</c> (IN-13).
    /// </summary>
    /// <returns>Lines, divided by <c>\n</c>, without one at the end.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in Lines)
        {
            text.Append(text.Length == 0 ? string.Empty : "\n").Append(name).Append(": ")
                .Append(ShownHeaders.Value(name, value));
        }

        return text.ToString();
    }

    private static string Check(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        HeaderRules.CheckName(name);
        if (ReferenceEquals(value, SkipHeader) && !HeaderNames.IsSkippable(name))
            throw new InvalidHeaderException(name, -1, "only 'Accept-Encoding', 'Host' and 'User-Agent' can be skipped");
        return HeaderRules.CheckValue(name, value);
    }

    // Apart, so that only who combines pays for the closure.
    private static int LastOf(List<KeyValuePair<string, string>> lines, string name) =>
        lines.FindLastIndex(line => HeaderNames.Same(line.Key, name));

    private static string Join(string first, ref HeaderMatches matches, string separator)
    {
        var joined = new StringBuilder(first);
        do
            joined.Append(separator).Append(matches.Value);
        while (matches.MoveNext());
        return joined.ToString();
    }

    /// <summary>What may be read while these headers are written: a copy when it is they.</summary>
    private IEnumerable<KeyValuePair<string, string>> Detached(IEnumerable<KeyValuePair<string, string>> lines) =>
        ReferenceEquals(lines, this) ? Clone() : lines;

    /// <summary>The values in the form in which they are compared; no value holds a line feed, so it keeps cookies apart.</summary>
    private string? Merged(string name)
    {
        var matches = Find(name);
        if (!matches.MoveNext())
            return null;
        string first = matches.Value;
        return !matches.MoveNext() ? first : Join(first, ref matches, HeaderNames.Same(name, HeaderNames.SetCookie) ? "\n" : ", ");
    }

    private void Replace(string name, string value)
    {
        var lines = Writable();
        int first = lines.FindIndex(line => HeaderNames.Same(line.Key, name));
        if (first < 0)
        {
            lines.Add(new(name, value));
            return;
        }

        lines[first] = new(name, value);
        for (int i = lines.Count - 1; i > first; i--)
        {
            if (HeaderNames.Same(lines[i].Key, name))
                lines.RemoveAt(i);
        }
    }

    private List<KeyValuePair<string, string>> Writable()
    {
        if (_readOnly)
            throw new InvalidOperationException("These headers are read-only; change a Clone() of them.");
        var lines = Materialise();
        _wire = default;
        return lines;
    }
}
