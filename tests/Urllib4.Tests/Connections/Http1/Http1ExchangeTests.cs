using Urllib4.Connections;
using Urllib4.Protocol;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Connections.Http1;

public sealed class Http1ExchangeTests : ModeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public void Whoever_holds_an_exchange_that_is_over_cannot_end_the_next_one_on_the_connection()
    {
        using var rig = new Http1Rig(new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Send(Ok));
        var first = rig.Connection.Begin(new Lease(rig.Connection, rig), Http1Rig.Terms());
        Blocking.Result(first.Send<Blocking>(Http1Rig.Get, null));
        Blocking.Result(first.ReadHead<Blocking>());
        Assert.Equal("ok"u8.ToArray(), Blocking.Result(first.ReadWhole<Blocking>(2, 2)));
        first.Finish();
        var second = rig.Connection.Begin(new Lease(rig.Connection, rig), Http1Rig.Terms());
        Blocking.Result(second.Send<Blocking>(Http1Rig.Get, null));

        first.Finish();
        first.Abort();

        Assert.Equal([true], rig.Returns);
        Assert.Equal(200, Blocking.Result(second.ReadHead<Blocking>()).Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_call_that_was_cancelled_before_its_first_byte_does_not_blame_the_server(Mode mode)
    {
        using var rig = new Http1Rig(new Dialogue().ExpectRequest().Send(Ok), mode);
        using var cancel = new CancellationTokenSource();
        ExchangeTerms terms = new(HttpTimeout.Default, default, cancel.Token);
        ExchangeHandle exchange = rig.Connection.Begin(new Lease(rig.Connection, rig), terms);
        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Call(
            mode,
            () => Blocking.Result(exchange.Send<Blocking>(Http1Rig.Get, null)),
            () => exchange.Send<Asynchronous>(Http1Rig.Get, null).AsTask()));

        Assert.Equal(cancel.Token, error.CancellationToken);
        exchange.Finish();
        Assert.Equal([false], rig.Returns);
    }
}
