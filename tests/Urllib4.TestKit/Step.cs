using System.Net.Security;

namespace Urllib4.TestKit;

/// <summary>One line of a <see cref="Dialogue"/>, told from the side of the peer.</summary>
internal abstract record Step
{
    public sealed record ExpectBytes(byte[] Bytes) : Step;

    public sealed record ExpectHead(Action<ReceivedRequest>? Check) : Step;

    public sealed record ExpectBody(Action<ReceivedRequest>? Check) : Step;

    public sealed record ExpectEof : Step;

    public sealed record Send(byte[] Piece) : Step;

    public sealed record Respond(Func<ReceivedRequest, byte[]> Answer) : Step;

    public sealed record SendForever(byte[] Piece) : Step;

    public sealed record Delay(TimeSpan Time) : Step;

    public sealed record WaitFor(Gate Gate) : Step;

    public sealed record Open(Gate Gate) : Step;

    public sealed record Stall : Step;

    public sealed record Eof : Step;

    public sealed record Cut : Step;

    public sealed record Close : Step;

    public sealed record Reset : Step;

    public sealed record TakeAtMost(int Bytes, bool ThenFail) : Step;

    public sealed record StartTls(SslServerAuthenticationOptions Options) : Step;

    public sealed record GoTo(int Index) : Step;
}
