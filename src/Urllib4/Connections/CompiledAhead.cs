using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// Never called. Names the wait modes of what is reached only through a generic virtual method, which is the one thing that a compiler
/// working ahead of time cannot follow: without it the first request would wait for the compiler at run time.
/// </summary>
internal static class CompiledAhead
{
    public static void Opening(ConnectionFactory factory, OpeningTerms terms)
    {
        _ = factory.Open<Blocking>(terms);
        _ = factory.Open<Asynchronous>(terms);
    }

    public static void Exchanging(Http1Exchange exchange, RequestHead head)
    {
        _ = exchange.SendOwn<Blocking>(head, null);
        _ = exchange.SendOwn<Asynchronous>(head, null);
        _ = exchange.ReadOwnHead<Blocking>();
        _ = exchange.ReadOwnHead<Asynchronous>();
        _ = exchange.ReadOwnBody<Blocking>(default);
        _ = exchange.ReadOwnBody<Asynchronous>(default);
    }
}
