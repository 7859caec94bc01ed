using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Urllib4.Managers;
using Urllib4.Waiting;

namespace Urllib4;

/// <content>The body as it is made of lines: text and JSON.</content>
public sealed partial class UrllibResponse
{
    private const int LineLength = 1024 * 1024;

    private LineReader? _lines;

    /// <summary>
    /// Reads the body line by line, each as soon as it is there, holding the thread; urllib3's iteration over a response. Text is read as
    /// by
    /// <see cref="Text"/>.
    /// </summary>
    /// <remarks>Reading lines reads ahead: go on with lines, not with bytes. A second call goes on where the first stopped.</remarks>
    /// <param name="maxLineLength">
    /// The most characters of a line. Default 1,048,576, so that a line without an end cannot fill the memory.
    /// </param>
    /// <returns>The lines without their ends, which are CR LF, LF or CR.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLineLength"/> is less than 1.</exception>
    /// <exception cref="LimitExceededException">A line was longer; the connection is closed.</exception>
    /// <inheritdoc cref="Read(Span{byte})" path="/exception"/>
    public IEnumerable<string> ReadLines(int maxLineLength = LineLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLineLength, 1);
        return Lines();

        IEnumerable<string> Lines()
        {
            while (Blocking.Result(NextLine<Blocking>(maxLineLength, CancellationToken.None)) is { } line)
                yield return line;
        }
    }

    /// <summary>Reads the body line by line, as <see cref="ReadLines"/>.</summary>
    /// <param name="maxLineLength">The most characters of a line. Default 1,048,576.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>The lines without their ends.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <inheritdoc cref="ReadLines" path="/exception"/>
    public IAsyncEnumerable<string> ReadLinesAsync(int maxLineLength = LineLength, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLineLength, 1);
        return Lines(cancellationToken);

        async IAsyncEnumerable<string> Lines([EnumeratorCancellation] CancellationToken token)
        {
            while (await NextLine<Asynchronous>(maxLineLength, token).ConfigureAwait(false) is { } line)
                yield return line;
        }
    }

    /// <summary>
    /// Reads a body of JSON values, one a line (NDJSON, JSON Lines), each as soon as it is there. Blank lines are passed over.
    /// </summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="typeInfo">How to read one, from a source-generated context.</param>
    /// <param name="maxLineLength">The most characters of a line. Default 1,048,576.</param>
    /// <returns>The values.</returns>
    /// <exception cref="JsonException">A line is not JSON of this type.</exception>
    /// <inheritdoc cref="ReadLines" path="/exception"/>
    public IEnumerable<T?> ReadJsonLines<T>(JsonTypeInfo<T> typeInfo, int maxLineLength = LineLength)
    {
        foreach (string line in ReadLines(maxLineLength))
        {
            if (!string.IsNullOrWhiteSpace(line))
                yield return JsonSerializer.Deserialize(line, typeInfo);
        }
    }

    /// <summary>Reads a body of JSON values, as <see cref="ReadJsonLines{T}"/>.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="typeInfo">How to read one, from a source-generated context.</param>
    /// <param name="maxLineLength">The most characters of a line. Default 1,048,576.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>The values.</returns>
    /// <exception cref="JsonException">A line is not JSON of this type.</exception>
    /// <inheritdoc cref="ReadLinesAsync" path="/exception"/>
    public async IAsyncEnumerable<T?> ReadJsonLinesAsync<T>(
        JsonTypeInfo<T> typeInfo, int maxLineLength = LineLength, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (string line in ReadLinesAsync(maxLineLength, cancellationToken).ConfigureAwait(false))
        {
            if (!string.IsNullOrWhiteSpace(line))
                yield return JsonSerializer.Deserialize(line, typeInfo);
        }
    }

    private async ValueTask<string?> NextLine<TMode>(int maxLength, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        _lines ??= new LineReader(BodyEncoding());
        return await NextLine<TMode>(_lines, maxLength, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<string?> NextLine<TMode>(LineReader lines, int maxLength, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        try
        {
            while (true)
            {
                if (lines.Take(maxLength) is { } line)
                    return line;
                int count = await ReadSome<TMode>(lines.Buffer, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                    return lines.TakeLast(maxLength);
                lines.Add(count);
            }
        }
        catch (LimitExceededException)
        {
            Release(); // what follows is the rest of that line
            throw;
        }
    }
}
