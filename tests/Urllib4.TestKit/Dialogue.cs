using System.Net.Security;
using System.Text;

namespace Urllib4.TestKit;

/// <summary>
/// What a peer expects to hear and what it says, line by line: the script of a <see cref="ScriptedPeer"/> in memory and of a
/// <see cref="MisbehavingServer"/> on sockets. After the last line the peer is silent and keeps the connection open.
/// </summary>
/// <example><code>
/// new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe").Reset();
/// </code></example>
/// <remarks>Text is sent as Latin-1, one byte a character, so that any byte can be written as <c>\u00XX</c>.</remarks>
public sealed class Dialogue
{
    private readonly List<Step> _steps = [];

    internal IReadOnlyList<Step> Steps => _steps;

    /// <summary>Waits for exactly these bytes; anything else fails the test.</summary>
    public Dialogue ExpectBytes(ReadOnlySpan<byte> bytes) => Add(new Step.ExpectBytes(bytes.ToArray()));

    /// <inheritdoc cref="ExpectBytes(ReadOnlySpan{byte})"/>
    public Dialogue ExpectBytes(string text) => Add(new Step.ExpectBytes(Encoding.Latin1.GetBytes(text)));

    /// <summary>Waits for one whole HTTP/1 request, body and trailers included.</summary>
    /// <param name="check">Looks at the request; what it throws fails the test.</param>
    public Dialogue ExpectRequest(Action<ReceivedRequest>? check = null) => ExpectHead().ExpectBody(check);

    /// <summary>Waits for the head of a request, and no longer: for servers that answer before they have read the body.</summary>
    /// <param name="check">Looks at the request, which has no body yet; what it throws fails the test.</param>
    public Dialogue ExpectHead(Action<ReceivedRequest>? check = null) => Add(new Step.ExpectHead(check));

    /// <summary>Waits for the body of the request whose head was read last.</summary>
    /// <param name="check">Looks at the request; what it throws fails the test.</param>
    public Dialogue ExpectBody(Action<ReceivedRequest>? check = null) => Add(new Step.ExpectBody(check));

    /// <summary>Waits for the client to close; bytes instead fail the test.</summary>
    public Dialogue ExpectEof() => Add(new Step.ExpectEof());

    /// <summary>Sends bytes in one piece: in memory one read gets no more than that, on a socket it is one write.</summary>
    public Dialogue Send(ReadOnlySpan<byte> bytes) => Add(new Step.Send(bytes.ToArray()));

    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public Dialogue Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes in pieces of a size; the last may be shorter.</summary>
    public Dialogue SendInPieces(ReadOnlySpan<byte> bytes, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        for (; bytes.Length > size; bytes = bytes[size..])
            Send(bytes[..size]);
        return Send(bytes);
    }

    /// <inheritdoc cref="SendInPieces(ReadOnlySpan{byte}, int)"/>
    public Dialogue SendInPieces(string text, int size) => SendInPieces(Encoding.Latin1.GetBytes(text), size);

    /// <summary>Sends bytes one at a time.</summary>
    public Dialogue SendByteByByte(ReadOnlySpan<byte> bytes) => SendInPieces(bytes, 1);

    /// <inheritdoc cref="SendByteByByte(ReadOnlySpan{byte})"/>
    public Dialogue SendByteByByte(string text) => SendInPieces(text, 1);

    /// <summary>Sends bytes one at a time with a pause after each.</summary>
    public Dialogue Drip(string text, TimeSpan pause)
    {
        foreach (char c in text)
            Send(c.ToString()).Delay(pause);
        return this;
    }

    /// <summary>Sends what is made from the request received last, to echo a part of it.</summary>
    public Dialogue Respond(Func<ReceivedRequest, string> answer) => Add(new Step.Respond(r => Encoding.Latin1.GetBytes(answer(r))));

    /// <summary>Sends the same bytes again and again for as long as the client takes them.</summary>
    public Dialogue SendForever(string piece)
    {
        ArgumentException.ThrowIfNullOrEmpty(piece);
        return Add(new Step.SendForever(Encoding.Latin1.GetBytes(piece)));
    }

    /// <summary>Lets time pass: virtual time where the peer has some, else real time.</summary>
    public Dialogue Delay(TimeSpan time) => Add(new Step.Delay(time));

    /// <summary>Stops until the test opens the gate.</summary>
    public Dialogue WaitFor(Gate gate) => Add(new Step.WaitFor(gate));

    /// <summary>The server opens a gate, so that the test knows that it came so far.</summary>
    public Dialogue Open(Gate gate) => Add(new Step.Open(gate));

    /// <summary>Falls silent for good: nothing more is read or sent, and the connection stays open.</summary>
    public Dialogue Stall() => Add(new Step.Stall());

    /// <summary>Ends the peer's side in an orderly way, inside TLS with its closing alert, and goes on listening.</summary>
    public Dialogue Eof() => Add(new Step.Eof());

    /// <summary>
    /// Ends the peer's side without the closing alert of TLS, as somebody cutting the line would; without TLS the same as
    /// <see cref="Eof"/>.
    /// </summary>
    public Dialogue Cut() => Add(new Step.Cut());

    /// <summary>Closes the connection in both directions.</summary>
    public Dialogue Close() => Add(new Step.Close());

    /// <summary>Resets the connection.</summary>
    public Dialogue Reset() => Add(new Step.Reset());

    /// <summary>Takes so many bytes more from the client, then resets the connection: the write that goes beyond fails.</summary>
    public Dialogue FailWriteAfter(int bytes) => Add(new Step.TakeAtMost(bytes, ThenFail: true));

    /// <summary>Takes so many bytes more from the client, then reads no more: the write that goes beyond waits.</summary>
    public Dialogue StopReadingAfter(int bytes) => Add(new Step.TakeAtMost(bytes, ThenFail: false));

    /// <summary>Becomes the server of a TLS handshake, inside the one before if there was one; on sockets only.</summary>
    public Dialogue StartTls(SslServerAuthenticationOptions options) => Add(new Step.StartTls(options));

    /// <inheritdoc cref="StartTls(SslServerAuthenticationOptions)"/>
    public Dialogue StartTls(IssuedCertificate certificate) => StartTls(certificate.ServerOptions());

    /// <summary>Says the same lines so many times.</summary>
    public Dialogue Repeat(int times, Action<Dialogue> lines)
    {
        for (int i = 0; i < times; i++)
            lines(this);
        return this;
    }

    /// <summary>Says the same lines until the client closes. One of them has to wait for something.</summary>
    public Dialogue Loop(Action<Dialogue> lines)
    {
        int start = _steps.Count;
        lines(this);
        if (!_steps.Skip(start).Any(static s => s is Step.ExpectBytes or Step.ExpectHead or Step.Delay))
            throw new ArgumentException("A loop that waits for nothing never ends.", nameof(lines));
        return Add(new Step.GoTo(start));
    }

    private Dialogue Add(Step step)
    {
        _steps.Add(step);
        return this;
    }
}
