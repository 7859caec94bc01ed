using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.Waiting;

namespace Urllib4.Benchmarks;

/// <summary>A connection without a network, so that what is measured is the pool around it.</summary>
internal sealed class SilentConnection(bool isBlocking) : HttpConnection(NextId(), TimeProvider.System, isBlocking)
{
    public override int Capacity => 1;

    public override bool AcceptsMore => true;

    public override bool IsOver => false;

    public override bool HasNews => false;

    public override bool IsAlive(bool isBlocking) => true;

    public override ExchangeHandle Begin(Lease lease, in ExchangeTerms terms) => throw new NotSupportedException();

    public override void Close()
    {
    }

    public override ConnectionFigures Stamp() => default;
}

/// <summary>Opens <see cref="SilentConnection"/>s.</summary>
internal sealed class SilentFactory : IConnectionFactory
{
    public static PoolDirectory NewDirectory(PoolOptions options) => new(options, _ => new SilentFactory());

    /// <summary>Finds the pool of a host, borrows a connection and gives it back.</summary>
    public static void Borrow(PoolDirectory directory, PoolOptions options, Url url) => Borrow(
        directory.TryFor(url, out ConnectionPool? pool) ? pool : directory.For(new PoolKey("http", url.Host!, 80, options)), options);

    public static void Borrow(ConnectionPool pool, PoolOptions options)
    {
        HttpConnection connection = Blocking.Result(
            pool.Borrow<Blocking>(options.Timeout, default, fresh: false, recorder: null, CancellationToken.None));
        new Lease(connection, pool).Release(reusable: true);
    }

    public ValueTask<HttpConnection> Open(bool isBlocking, ConnectTerms terms) => new(new SilentConnection(isBlocking));
}
