using System.Text;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4;

/// <content>Whether it is what was asked for.</content>
public sealed partial class UrllibResponse
{
    private const int BodyStartLength = 4096;

    /// <summary>Whether the status is one of success, 200 to 299 (RFC 9110, section 15.3).</summary>
    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>
    /// Throws unless the status is one of success. Then the response is disposed, too; of a body that is still on its way its beginning is
    /// read before for the error, holding the thread. A body that was read stays readable.
    /// </summary>
    /// <returns>This response, for the next call on it.</returns>
    /// <exception cref="ResponseException">
    /// It is none of 200 to 299; says which, of which URL, and holds the <see cref="ResponseException.BodyStart"/>.
    /// </exception>
    public UrllibResponse EnsureSuccess() => IsSuccess ? this : throw Blocking.Result(Refusal<Blocking>(CancellationToken.None));

    /// <summary>Throws unless the status is one of success, as <see cref="EnsureSuccess"/> without holding a thread.</summary>
    /// <param name="cancellationToken">Ends the wait for the beginning of the body, and the connection with it.</param>
    /// <returns>This response, for the next call on it.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <inheritdoc cref="EnsureSuccess" path="/exception"/>
    public async ValueTask<UrllibResponse> EnsureSuccessAsync(CancellationToken cancellationToken = default) =>
        IsSuccess ? this : throw await Refusal<Asynchronous>(cancellationToken).ConfigureAwait(false);

    private async ValueTask<ResponseException> Refusal<TMode>(CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        byte[] start = _data ?? await ReadStart<TMode>(cancellationToken).ConfigureAwait(false);
        if (_body is not null)
            await _body.Discard<TMode>().ConfigureAwait(false);
        string reason = Reason.Length == 0 ? "" : $" {Escaping.Show(Reason)}";
        return new ResponseException(
            $"The server answered {Status}{reason}, which is no success; {nameof(ResponseException.BodyStart)} holds what it says.", Status)
        {
            Url = Url,
            Connection = Connection,
            Attempts = Attempts,
            History = Retries.History,
            Report = Report,
            BodyStart = TextOf(start),
        };
    }

    // What breaks off here matters less than the status.
    private async ValueTask<byte[]> ReadStart<TMode>(CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        byte[] start = new byte[BodyStartLength];
        int length = 0;
        try
        {
            while (length < start.Length
                && await ReadSome<TMode>(start.AsMemory(length), cancellationToken).ConfigureAwait(false) is > 0 and int count)
                length += count;
        }
        catch (Exception e) when (e is HttpException or ObjectDisposedException or InvalidOperationException)
        {
        }

        return start[..length];
    }

    // A character that is cut in two is left out.
    private string TextOf(ReadOnlySpan<byte> start)
    {
        Encoding encoding = BodyEncoding();
        start = start[..Math.Min(start.Length, BodyStartLength)];
        if (start.StartsWith(encoding.Preamble))
            start = start[encoding.Preamble.Length..];
        char[] text = new char[encoding.GetMaxCharCount(start.Length)];
        return new string(text, 0, encoding.GetDecoder().GetChars(start, text, flush: false));
    }
}
