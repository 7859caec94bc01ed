using System.Text;

namespace Urllib4.Managers;

/// <summary>Cuts the text of a body into lines: bytes in, whole lines out, holding no more than a line and what came with it.</summary>
/// <param name="encoding">How bytes become text.</param>
/// <param name="limitName">Where the limit of a line was set, for its error.</param>
internal sealed class LineReader(Encoding encoding, string limitName = "maxLineLength")
{
    private const char ByteOrderMark = '\uFEFF';

    private readonly Decoder _decoder = encoding.GetDecoder();
    private char[] _text = new char[1024];
    private int _start;
    private int _end;
    private int _searched; // no line ends before this
    private bool _isBegun;
    private bool _isAfterReturn; // a line feed that comes now belongs to the line end before it

    /// <summary>Where the caller puts bytes before <see cref="Add"/>.</summary>
    public byte[] Buffer { get; } = new byte[8 * 1024];

    /// <summary>Adds so many bytes of the buffer.</summary>
    public void Add(int count)
    {
        MakeRoom(encoding.GetMaxCharCount(count));
        _end += _decoder.GetChars(Buffer.AsSpan(0, count), _text.AsSpan(_end), flush: false);
        if (_isBegun || _end == _start)
            return;
        _isBegun = true;
        if (_text[_start] == ByteOrderMark)
            _searched = ++_start;
    }

    /// <summary>Takes the next whole line, without its end: CR LF, LF or CR. Null when it is not there yet.</summary>
    /// <exception cref="LimitExceededException">The line is longer than allowed, as far as it is there.</exception>
    public string? Take(int maxLength)
    {
        if (_isAfterReturn && _start < _end)
        {
            _isAfterReturn = false;
            if (_text[_start] == '\n')
                _searched = ++_start;
        }

        int length = _text.AsSpan(_searched, _end - _searched).IndexOfAny('\r', '\n');
        if (length < 0)
        {
            _searched = _end;
            Check(_end - _start, maxLength);
            return null;
        }

        int lineEnd = _searched + length;
        Check(lineEnd - _start, maxLength);
        var line = new string(_text, _start, lineEnd - _start);
        _isAfterReturn = _text[lineEnd] == '\r';
        _start = _searched = lineEnd + 1;
        return line;
    }

    /// <summary>Takes what is left when the body has ended: a last line without an end, or null.</summary>
    public string? TakeLast(int maxLength)
    {
        MakeRoom(encoding.GetMaxCharCount(0));
        _end += _decoder.GetChars([], _text.AsSpan(_end), flush: true);
        if (Take(maxLength) is { } line)
            return line;
        if (_start == _end)
            return null;
        line = new string(_text, _start, _end - _start);
        _start = _searched = _end;
        return line;
    }

    private void Check(int length, int maxLength)
    {
        if (length > maxLength)
            throw new LimitExceededException(limitName, maxLength, "A line of the body", HttpPhase.Body);
    }

    private void MakeRoom(int count)
    {
        if (_text.Length - _end >= count)
            return;
        char[] target = _end - _start + count <= _text.Length ? _text : new char[Math.Max(2 * _text.Length, _end - _start + count)];
        Array.Copy(_text, _start, target, 0, _end - _start);
        _searched -= _start;
        _end -= _start;
        _start = 0;
        _text = target;
    }
}
