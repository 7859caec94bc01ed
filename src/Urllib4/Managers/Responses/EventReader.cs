using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text;

namespace Urllib4.Managers;

/// <summary>
/// Makes events of the lines of a <c>text/event-stream</c> (WHATWG HTML, section 9.2.6), as the platform's <see cref="SseParser"/> does,
/// but with a limit to what it holds.
/// </summary>
/// <param name="maxLength">The most characters of the data of one event.</param>
internal sealed class EventReader(int maxLength)
{
    private readonly StringBuilder _data = new();
    private bool _hasData;
    private string? _type;
    private string? _id;
    private TimeSpan? _retry;

    /// <summary>Takes the next line; gives the event that it ends, if it does.</summary>
    /// <exception cref="LimitExceededException">The event is longer than it may be.</exception>
    public SseItem<string>? Take(string line)
    {
        if (line.Length == 0)
            return Complete();
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        ReadOnlySpan<char> name = colon < 0 ? line : line.AsSpan(0, colon);
        ReadOnlySpan<char> value = colon < 0 ? [] : line.AsSpan(colon + 1);
        if (value.StartsWith(' '))
            value = value[1..];
        switch (name)
        {
            case "data":
                Append(value);
                break;
            case "event":
                _type = value.ToString();
                break;
            case "id" when !value.Contains('\0'):
                _id = value.ToString();
                break;
            case "retry" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
                && milliseconds <= TimeSpan.MaxValue.TotalMilliseconds:
                _retry = TimeSpan.FromMilliseconds(milliseconds);
                break;
        }

        return null;
    }

    private void Append(ReadOnlySpan<char> value)
    {
        if (_data.Length + value.Length + (_hasData ? 1 : 0) > maxLength)
            throw new LimitExceededException("maxEventLength", maxLength, "An event of the body", HttpPhase.Body);
        if (_hasData)
            _data.Append('\n');
        _data.Append(value);
        _hasData = true;
    }

    private SseItem<string>? Complete()
    {
        SseItem<string>? item = _hasData
            ? new SseItem<string>(_data.ToString(), _type) { EventId = _id, ReconnectionInterval = _retry }
            : null;
        _data.Clear();
        _hasData = false;
        _type = null;
        if (item is null)
            return null;
        _id = null;
        _retry = null;
        return item;
    }
}
