using System.Text;

namespace Urllib4.Protocol.Hpack;

/// <summary>The fields that both sides know from the beginning (RFC 7541, appendix A).</summary>
internal static class StaticTable
{
    /// <summary>How many there are; their indices begin at 1, those of the dynamic table behind the last.</summary>
    public const int Count = 61;

    private static readonly (string Name, string Value)[] _fields =
    [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"), (":scheme", "http"),
        (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"),
        (":status", "404"), (":status", "500"), ("accept-charset", ""), ("accept-encoding", "gzip, deflate"), ("accept-language", ""),
        ("accept-ranges", ""), ("accept", ""), ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""),
        ("cache-control", ""), ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""), ("etag", ""), ("expect", ""),
        ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""),
        ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""),
        ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""),
        ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""),
        ("via", ""), ("www-authenticate", ""),
    ];

    private static readonly byte[][] _names = Array.ConvertAll(_fields, static f => Encoding.ASCII.GetBytes(f.Name));
    private static readonly byte[][] _values = Array.ConvertAll(_fields, static f => Encoding.ASCII.GetBytes(f.Value));
    private static readonly Dictionary<string, int> _indices = IndicesOfNames();

    /// <summary>The name at an index of 1 to <see cref="Count"/>, in lower case.</summary>
    public static ReadOnlySpan<byte> Name(int index) => _names[index - 1];

    /// <summary>The value at an index of 1 to <see cref="Count"/>.</summary>
    public static ReadOnlySpan<byte> Value(int index) => _values[index - 1];

    /// <summary>The first index with this name, in any case; 0 for none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value that it should have, if there is such a field.</param>
    /// <param name="hasValue">Whether the field found has the value too.</param>
    public static int Find(string name, string value, out bool hasValue)
    {
        hasValue = false;
        if (!_indices.TryGetValue(name, out int first))
            return 0;
        for (int index = first; index <= Count && _fields[index - 1].Name == _fields[first - 1].Name; index++)
        {
            hasValue = _fields[index - 1].Value == value;
            if (hasValue)
                return index;
        }

        return first;
    }

    private static Dictionary<string, int> IndicesOfNames()
    {
        var indices = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < _fields.Length; i++)
            indices.TryAdd(_fields[i].Name, i + 1);
        return indices;
    }
}
