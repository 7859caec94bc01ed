using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using Urllib4.Managers;
using Urllib4.Waiting;

namespace Urllib4;

/// <content>The body as server-sent events.</content>
public sealed partial class UrllibResponse
{
    private const int EventLength = 16 * 1024 * 1024;

    /// <summary>Reads a body of server-sent events (<c>text/event-stream</c>), each as soon as it is there, holding the thread.</summary>
    /// <remarks>
    /// The text is UTF-8, whatever the server says (WHATWG HTML, section 9.2.5). For data of other types give <see cref="AsStream"/> to
    /// <see cref="SseParser"/>, which sets no limit.
    /// </remarks>
    /// <param name="maxEventLength">
    /// The most characters of one event, and of one line. Default 16,777,216, so that an event without an end cannot fill the memory.
    /// </param>
    /// <returns>The events.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxEventLength"/> is less than 1.</exception>
    /// <exception cref="LimitExceededException">An event was longer; the connection is closed.</exception>
    /// <inheritdoc cref="Read(Span{byte})" path="/exception"/>
    public IEnumerable<SseItem<string>> ReadEvents(int maxEventLength = EventLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEventLength, 1);
        return Events();

        IEnumerable<SseItem<string>> Events()
        {
            var reader = new EventReader(maxEventLength);
            while (Blocking.Result(NextEvent<Blocking>(reader, maxEventLength, CancellationToken.None)) is { } item)
                yield return item;
        }
    }

    /// <summary>Reads a body of server-sent events, as <see cref="ReadEvents"/>.</summary>
    /// <param name="maxEventLength">The most characters of one event, and of one line. Default 16,777,216.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>The events.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <inheritdoc cref="ReadEvents" path="/exception"/>
    public IAsyncEnumerable<SseItem<string>> ReadEventsAsync(
        int maxEventLength = EventLength, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEventLength, 1);
        return Events(cancellationToken);

        async IAsyncEnumerable<SseItem<string>> Events([EnumeratorCancellation] CancellationToken token)
        {
            var reader = new EventReader(maxEventLength);
            while (await NextEvent<Asynchronous>(reader, maxEventLength, token).ConfigureAwait(false) is { } item)
                yield return item;
        }
    }

    private async ValueTask<SseItem<string>?> NextEvent<TMode>(
        EventReader reader, int maxLength, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        // Those of lines, if some were read: it has read ahead.
        _lines ??= new LineReader(Encoding.UTF8, "maxEventLength");
        try
        {
            // An event that the body ends in is not complete, and so none.
            while (await NextLine<TMode>(_lines, maxLength, cancellationToken).ConfigureAwait(false) is { } line)
            {
                if (reader.Take(line) is { } item)
                    return item;
            }

            return null;
        }
        catch (LimitExceededException)
        {
            Release(); // what follows is the rest of that event
            throw;
        }
    }
}
