using System.Text;

namespace Urllib4.Primitives;

/// <summary>Finds the lines of one name in order, in the bytes while there are only bytes and in the list once there is one.</summary>
/// <remarks>It looks at one of the two from beginning to end, even if another thread makes the list meanwhile.</remarks>
internal ref struct HeaderMatches(List<KeyValuePair<string, string>>? lines, ReadOnlySpan<byte> wire, ReadOnlySpan<char> name)
{
    private readonly List<KeyValuePair<string, string>>? _lines = lines;
    private readonly ReadOnlySpan<char> _name = name;
    private FieldLineReader _wire = new(wire);
    private int _next;

    /// <summary>The value of the line found; a new string when it comes from bytes, each of which is a character of Latin-1.</summary>
    public readonly string Value => _lines is null ? Encoding.Latin1.GetString(_wire.Value) : _lines[_next - 1].Value;

    /// <summary>Goes to the next line of that name, if there is one.</summary>
    public bool MoveNext()
    {
        if (_lines is null)
        {
            while (_wire.MoveNext())
            {
                if (_wire.IsNamed(_name))
                    return true;
            }

            return false;
        }

        while (_next < _lines.Count)
        {
            if (HeaderNames.Same(_lines[_next++].Key, _name))
                return true;
        }

        return false;
    }
}
