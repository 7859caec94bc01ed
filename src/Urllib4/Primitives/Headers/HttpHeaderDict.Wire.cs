using System.Runtime.InteropServices;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4;

// Where the lines are kept. Received headers stay the bytes they are until somebody enumerates or changes them: most programs look at one
// or two of twenty, and making strings of all costs more than everything else that is done with a response head.
public sealed partial class HttpHeaderDict
{
    private ReadOnlyMemory<byte> _wire;
    private List<KeyValuePair<string, string>>? _lines;

    /// <summary>Every line, for who reads them all without allocating. Not valid past the next change.</summary>
    internal ReadOnlySpan<KeyValuePair<string, string>> Lines => CollectionsMarshal.AsSpan(Materialise());

    /// <summary>Takes the block of validated lines of a received head or trailer, without its final empty line.</summary>
    /// <param name="fieldLines"><c>Name: value CRLF</c> lines with folds already replaced. Not copied: it must never change again.</param>
    internal static HttpHeaderDict FromWire(ReadOnlyMemory<byte> fieldLines) => new() { _wire = fieldLines };

    /// <summary>No headers, for ever.</summary>
    internal static HttpHeaderDict Empty { get; } = new HttpHeaderDict().Freeze();

    /// <summary>Whether there is no line.</summary>
    internal bool IsEmpty => Volatile.Read(ref _lines) is { } lines ? lines.Count == 0 : _wire.IsEmpty;

    /// <summary>Makes these very headers read-only, for who made them and hands them out.</summary>
    internal HttpHeaderDict Freeze()
    {
        _readOnly = true;
        return this;
    }

    /// <summary>Whether the header is not to be sent at all; see <see cref="SkipHeader"/>.</summary>
    internal bool IsSkipped(string name)
    {
        var matches = Find(name);
        return matches.MoveNext() && ReferenceEquals(matches.Value, SkipHeader);
    }

    private HeaderMatches Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new HeaderMatches(Volatile.Read(ref _lines), _wire.Span, name);
    }

    /// <summary>The list of lines, made from the bytes on first use. Threads that make it at once all get the first published.</summary>
    private List<KeyValuePair<string, string>> Materialise()
    {
        if (Volatile.Read(ref _lines) is { } lines)
            return lines;
        lines = new List<KeyValuePair<string, string>>(_wire.Span.Count((byte)'\n'));
        var reader = new FieldLineReader(_wire.Span);
        while (reader.MoveNext())
            lines.Add(new(reader.NameText, Encoding.Latin1.GetString(reader.Value)));
        return Interlocked.CompareExchange(ref _lines, lines, null) ?? lines;
    }
}
