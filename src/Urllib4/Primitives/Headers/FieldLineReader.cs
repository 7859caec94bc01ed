using System.Text;

namespace Urllib4.Primitives;

/// <summary>Walks over a block of <c>Name: value CRLF</c> lines, already validated, without copying or allocating.</summary>
/// <remarks>Whoever made the block has refused names that are no tokens and replaced folded lines (RFC 9112, section 5).</remarks>
internal ref struct FieldLineReader(ReadOnlySpan<byte> lines)
{
    private ReadOnlySpan<byte> _rest = lines;
    private ReadOnlySpan<byte> _line;

    /// <summary>The name, as sent.</summary>
    public readonly ReadOnlySpan<byte> Name => _line.IndexOf((byte)':') is var colon and >= 0 ? _line[..colon] : _line;

    /// <summary>The name as a text, which is a new one only if it is not among the usual ones.</summary>
    public readonly string NameText => HeaderNames.AsUsuallySpelled(Name) ?? Encoding.Latin1.GetString(Name);

    /// <summary>The value, as sent, without the blanks around it.</summary>
    public readonly ReadOnlySpan<byte> Value =>
        _line.IndexOf((byte)':') is var colon and >= 0 ? _line[(colon + 1)..].Trim(" \t\r"u8) : default;

    /// <summary>The first value of a name. Where a second line would matter, as with what frames a message, walk over all.</summary>
    public static bool TryFind(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var reader = new FieldLineReader(lines);
        while (reader.MoveNext())
        {
            if (!reader.IsNamed(name))
                continue;
            value = reader.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Goes to the next line, if there is one.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        int end = _rest.IndexOf((byte)'\n');
        _line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }

    /// <summary>Whether the line has this name, in any case.</summary>
    public readonly bool IsNamed(ReadOnlySpan<byte> name) =>
        _line.Length > name.Length && _line[name.Length] == ':' && Ascii.EqualsIgnoreCase(_line[..name.Length], name);

    /// <inheritdoc cref="IsNamed(ReadOnlySpan{byte})"/>
    public readonly bool IsNamed(ReadOnlySpan<char> name) =>
        _line.Length > name.Length && _line[name.Length] == ':' && Ascii.EqualsIgnoreCase(_line[..name.Length], name);
}
