using System.Buffers.Binary;
using System.Text;

namespace Urllib4.Adapters;

/// <summary>
/// The texts of the last response headers. A server says nearly the same in every response, and the headers of a response message are
/// texts whether anybody reads them or not: those that came before are handed out again.
/// </summary>
/// <remarks>
/// A fixed number of rows, each for the last few texts that fell on it: what never comes back is soon replaced, and a server that aims
/// at one row gains nothing but new texts. Safe to use from several threads, who at worst make a text twice.
/// </remarks>
internal sealed class HeaderTextCache
{
    private const int RowsLog2 = 6;

    // Of forty texts on sixty-four rows some share one, and had they one place there, they would drive each other out for ever.
    private const int RowLength = 4;

    // A date is 29 characters long; what is much longer is seldom the same twice.
    private const int LongestKept = 64;

    private readonly string?[] _places = new string?[RowLength << RowsLog2];

    /// <summary>The text of bytes, each of which is a character of Latin-1.</summary>
    public string Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestKept)
            return Encoding.Latin1.GetString(bytes);
        Span<string?> row = _places.AsSpan(RowOf(bytes) * RowLength, RowLength);
        foreach (string? seen in row)
        {
            if (seen is not null && Ascii.Equals(bytes, seen))
                return seen;
        }

        row[..^1].CopyTo(row[1..]);
        return row[0] = Encoding.Latin1.GetString(bytes);
    }

    // Multiplied by the golden ratio, so that the upper bits depend on all below them.
    private static int RowOf(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            hash = Mixed(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes)
            hash = Mixed(hash ^ b);
        return (int)(hash >> (64 - RowsLog2));
    }

    private static ulong Mixed(ulong hash) => (hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15;
}
