using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// Never called. Names the wait modes of what is reached only through a generic virtual method, which is the one thing that a compiler
/// working ahead of time cannot follow: without it the first request would wait for the compiler at run time.
/// </summary>
internal static class CompiledAhead
{
    public static async ValueTask Opening(ConnectionFactory factory, OpeningTerms terms)
    {
        await factory.Open<Blocking>(terms).ConfigureAwait(false);
        await factory.Open<Asynchronous>(terms).ConfigureAwait(false);
    }

    public static async ValueTask Exchanging(Http1Exchange exchange, RequestHead head)
    {
        await exchange.SendOwn<Blocking>(head, null).ConfigureAwait(false);
        await exchange.SendOwn<Asynchronous>(head, null).ConfigureAwait(false);
        await exchange.ReadOwnHead<Blocking>().ConfigureAwait(false);
        await exchange.ReadOwnHead<Asynchronous>().ConfigureAwait(false);
        await exchange.ReadOwnBody<Blocking>(default).ConfigureAwait(false);
        await exchange.ReadOwnBody<Asynchronous>(default).ConfigureAwait(false);
    }
}
