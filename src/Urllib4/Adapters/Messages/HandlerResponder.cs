using System.Buffers;
using Urllib4.Connections;
using Urllib4.Managers;
using Urllib4.Policies;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4.Adapters;

/// <summary>
/// The end of a call under a handler. A body that came along with its head is taken from the connection on the spot, which is free for
/// the next request then; any other one stays on its way, since a handler must not wait for it.
/// </summary>
internal readonly struct HandlerResponder(HandlerResult answer, RedirectObserver observer, HandlerSettings settings)
    : IResponder<HandlerResult>
{
    public ResponseHead? Head => answer.Head;

    public RedirectObserver? Observer => observer;

    public ValueTask<HandlerResult> Respond<TMode>(ref Call call, ResponseHead head, ExchangeHandle exchange)
        where TMode : struct, IWaitMode
    {
        answer.Fill(call, head, ResponseResponder.IsPlain(call, head, exchange) && exchange.RestAtHand is { } length
            ? Take(exchange, length)
            : Stream(call, head, exchange));
        return new(answer);
    }

    private StreamedContent Stream(in Call call, ResponseHead head, ExchangeHandle exchange)
    {
        ConnectionFigures stamp = exchange.Stamp;
        return new StreamedContent(ResponseResponder.BodyOf(call, head, exchange).Guarded(), stamp, settings);
    }

    private static ReceivedContent Take(ExchangeHandle exchange, int length)
    {
        byte[] bytes = length == 0 ? [] : ArrayPool<byte>.Shared.Rent(length);
        exchange.TakeRest(bytes.AsSpan(0, length));
        var content = new ReceivedContent(bytes, length, exchange.Stamp);
        exchange.Finish();
        return content;
    }
}
