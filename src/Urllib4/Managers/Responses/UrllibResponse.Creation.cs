using System.Buffers;
using System.Net;
using System.Text;
using Urllib4.Connections;
using Urllib4.Managers;
using Urllib4.Primitives;
using Urllib4.Protocol;

namespace Urllib4;

/// <content>Responses that no server gave, for the tests of a program.</content>
public sealed partial class UrllibResponse
{
    private static readonly Url _nowhere = Url.Parse("http://localhost/");

    /// <summary>
    /// Makes a response that no server gave, for tests of code that takes one. It can be read in every way as one whose body was read
    /// before the call returned.
    /// </summary>
    /// <param name="status">The status code, 200 to 999, or 101.</param>
    /// <param name="body">The body as the program is to read it, so without a content coding. Copied. Default empty.</param>
    /// <param name="headers">The headers, in this order and spelling; none is added. Copied. Default none.</param>
    /// <param name="url">The URL that was answered, an absolute one. Default <c>http://localhost/</c>.</param>
    /// <param name="reason">The reason phrase, in Latin-1. Default empty.</param>
    /// <param name="retries">What is left of the retries, with its history. Default <see cref="Retry.Default"/>.</param>
    /// <param name="attempts">How many attempts the call made. Default 1.</param>
    /// <returns>The response. Its <see cref="Connection"/> has the number 0, which no real one has.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The status is no final one, or there is not one attempt.</exception>
    /// <exception cref="InvalidHeaderException">A header could not be sent.</exception>
    /// <exception cref="LocationValueException">The URL is not an absolute one.</exception>
    public static UrllibResponse Create(
        int status = 200, ReadOnlySpan<byte> body = default, HttpHeaderDict? headers = null, RequestUrl url = default,
        string reason = "", Retry? retries = null, int attempts = 1)
    {
        if (status is not (>= 200 and <= 999 or 101))
            throw new ArgumentOutOfRangeException(nameof(status), status, "A final status is 200 to 999, or 101.");
        ArgumentNullException.ThrowIfNull(reason);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        var terms = new ResponseTerms(HttpVersion.Version11, status, body.Length, IsChunked: false, KeepAlive: true);
        var head = new ResponseHead(terms, Encoding.Latin1.GetBytes(reason), LinesOf(headers ?? HttpHeaderDict.Empty));
        var figures = new ConnectionFigures(new HttpConnectionInfo { Id = 0 }, default, default, 0, 0, body.Length);
        return new UrllibResponse(
            head, url.IsNone ? _nowhere : url.ToUrl(), retries ?? Retry.Default, attempts, figures, body: null, body.ToArray());
    }

    /// <summary>Makes a response that no server gave, with a text as its body.</summary>
    /// <param name="status">The status code, 200 to 999, or 101.</param>
    /// <param name="text">The body, written in the charset of the <c>Content-Type</c>, else in UTF-8; null for none.</param>
    /// <param name="headers">The headers, in this order and spelling; none is added. Copied. Default none.</param>
    /// <param name="url">The URL that was answered, an absolute one. Default <c>http://localhost/</c>.</param>
    /// <param name="reason">The reason phrase, in Latin-1. Default empty.</param>
    /// <param name="retries">What is left of the retries, with its history. Default <see cref="Retry.Default"/>.</param>
    /// <param name="attempts">How many attempts the call made. Default 1.</param>
    /// <inheritdoc cref="Create(int, ReadOnlySpan{byte}, HttpHeaderDict?, RequestUrl, string, Retry?, int)"/>
    public static UrllibResponse Create(
        int status, string? text, HttpHeaderDict? headers = null, RequestUrl url = default, string reason = "", Retry? retries = null,
        int attempts = 1) => Create(
            status, BodyCharset.Of(headers?[HeaderNames.ContentType]).GetBytes(text ?? ""), headers, url, reason, retries, attempts);

    private static ReadOnlySpan<byte> LinesOf(HttpHeaderDict headers)
    {
        var lines = new ArrayBufferWriter<byte>();
        foreach (KeyValuePair<string, string> header in headers.Lines)
        {
            OutgoingFields.CheckLine(header.Key, header.Value);
            OutgoingFields.WriteLine(header.Key, header.Value, lines);
        }

        return lines.WrittenSpan;
    }
}
