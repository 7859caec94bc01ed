namespace Urllib4.Protocol.Http1;

/// <summary>What <see cref="LineScanner.Next"/> found.</summary>
internal enum LineResult : byte
{
    /// <summary>The line is not complete.</summary>
    NeedMore,

    /// <summary>A line, given without its CRLF.</summary>
    Line,

    /// <summary>
    /// A CR without LF, an LF without CR unless that is allowed, or a NUL: RFC 9112, section 2.2 leaves no safe way to read on.
    /// </summary>
    Broken,
}

/// <summary>
/// Cuts lines at CRLF and remembers how far it looked, so that bytes which come one at a time cost linear time.
/// Every call gets the same bytes again, with more behind them.
/// </summary>
internal struct LineScanner
{
    private int _searched;

    /// <summary>Where the line begins that comes next.</summary>
    public int Position { get; private set; }

    /// <summary>Gives the next line.</summary>
    /// <param name="input">What was received.</param>
    /// <param name="line">The line, or what is broken of it.</param>
    /// <param name="allowsBareLineFeed">Whether an LF ends a line without a CR too.</param>
    public LineResult Next(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> line, bool allowsBareLineFeed = false)
    {
        line = default;
        int stop = input[_searched..].IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
        if (stop < 0)
        {
            _searched = input.Length;
            return LineResult.NeedMore;
        }

        int end = _searched + stop;
        if (input[end] == '\r' && end + 1 == input.Length)
        {
            _searched = end;
            return LineResult.NeedMore;
        }

        if (input[end] == '\n' && allowsBareLineFeed)
        {
            line = input[Position..end];
            Position = _searched = end + 1;
            return LineResult.Line;
        }

        if (input[end] != '\r' || input[end + 1] != '\n')
        {
            line = input[Position..(end + 1)];
            return LineResult.Broken;
        }

        line = input[Position..end];
        Position = _searched = end + 2;
        return LineResult.Line;
    }
}
