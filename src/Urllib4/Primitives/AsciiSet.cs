namespace Urllib4.Primitives;

/// <summary>
/// A set of ASCII characters. The platform's sets search in vectors, whose code is compiled anew in each process: 10 ms for the first
/// name of the first header. What is looked at here is a few characters long.
/// </summary>
internal sealed class AsciiSet
{
    private readonly ulong _low;
    private readonly ulong _high;

    /// <param name="characters">What is in the set.</param>
    public AsciiSet(string characters)
    {
        foreach (char c in characters)
        {
            if (c < 64)
                _low |= 1UL << c;
            else
                _high |= 1UL << (c - 64);
        }
    }

    public bool Contains(int c) => c < 128 && (((c < 64 ? _low : _high) >> (c & 63)) & 1) != 0;

    /// <summary>Where the first character stands that is not in the set; -1 when all are.</summary>
    public int IndexOfOther(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!Contains(text[i]))
                return i;
        }

        return -1;
    }

    /// <inheritdoc cref="IndexOfOther(ReadOnlySpan{char})"/>
    public int IndexOfOther(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!Contains(text[i]))
                return i;
        }

        return -1;
    }
}
