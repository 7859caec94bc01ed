using System.Security.Cryptography.X509Certificates;
using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Pools;

public sealed class PoolDirectoryTests : ModeTests
{
    private readonly FakeConnectionFactory _factory = new(TimeProvider.System);

    [Fact]
    public void Equal_keys_have_one_pool_and_different_ones_two()
    {
        using PoolDirectory directory = Directory();
        ConnectionPool pool = directory.For(PoolRig.Key("a"));
        Assert.Same(pool, directory.For(PoolRig.Key("A")));
        Assert.NotSame(pool, directory.For(PoolRig.Key("b")));
        Assert.Equal(2, directory.Pools.Count);
    }

    [Fact]
    public void A_pool_is_found_by_a_URL_of_its_origin_and_is_the_youngest_then()
    {
        using PoolDirectory directory = Directory();
        Assert.Null(Find(directory, "http://b/"));
        ConnectionPool[] pools = [.. new[] { "a", "b", "::1", "c." }.Select(host => directory.For(PoolRig.Key(host)))];
        Assert.Same(pools[0], Find(directory, "http://A/"));
        Assert.Same(pools[1], Find(directory, "http://b:80/path?query"));
        Assert.Same(pools[2], Find(directory, "http://user:secret@[::1]/"));
        Assert.Same(pools[3], Find(directory, "http://c./"));
        foreach (string other in new[] { "https://b/", "https://b:80/", "http://b:81/", "http://b./", "http://bb/", "http://c/", "http://[::2]/" })
            Assert.Null(Find(directory, other));
        Find(directory, "http://b/");
        Assert.Equal(["a", "::1", "c.", "b"], directory.Pools.Keys.Select(static key => key.Host));
        directory.Clear();
        Assert.Null(Find(directory, "http://b/"));
    }

    [Fact]
    public void A_pool_is_not_found_by_its_URL_when_something_of_one_request_made_it()
    {
        using PoolDirectory directory = Directory();
        using var authority = new CertificateAuthority();
        using X509Certificate2 root = authority.Root;
        var own = new TlsOptions { CaCerts = new CertificateSet([root]) };
        directory.For(new PoolKey("https", "a", 443, PoolOptions.Default with { Tls = own }));
        directory.For(new PoolKey("https", "a", 443, PoolOptions.Default with { Proxy = "socks5://proxy.example" }));
        var origin = Origin.Create("https", "a", 443);
        directory.For(PoolKey.For(origin, TlsOptions.Default, null, HttpAuth.Negotiate(), HttpVersions.Http11, PoolOptions.Default));
        Assert.Null(Find(directory, "https://a/"));
        ConnectionPool plain = directory.For(new PoolKey("https", "a", 443, PoolOptions.Default));
        Assert.Same(plain, Find(directory, "https://a/"));
        Assert.Equal(4, directory.Pools.Count);
    }

    [Fact]
    public void The_least_recently_used_pool_is_retired_and_its_idle_connections_are_closed()
    {
        using PoolDirectory directory = Directory(numPools: 2);
        ConnectionPool first = directory.For(PoolRig.Key("a"));
        Borrow(first).Release(reusable: true);
        ConnectionPool second = directory.For(PoolRig.Key("b"));
        Borrow(second).Release(reusable: true);
        directory.For(PoolRig.Key("a"));
        directory.For(PoolRig.Key("c"));
        Assert.Equal([PoolRig.Key("a"), PoolRig.Key("c")], directory.Pools.Keys);
        Assert.Equal([true, false], _factory.Opened.Select(static connection => connection.IsOpen));
        Assert.NotSame(second, directory.For(PoolRig.Key("b")));
    }

    [Fact]
    public void A_pool_that_was_evicted_still_serves_whoever_holds_it()
    {
        using PoolDirectory directory = Directory(numPools: 1);
        ConnectionPool held = directory.For(PoolRig.Key("a"));
        Lease before = Borrow(held);
        directory.For(PoolRig.Key("b"));
        Assert.True(_factory.Opened[0].IsOpen);
        Borrow(held).Release(reusable: true);
        before.Release(reusable: true);
        Assert.Equal((0, default), (_factory.OpenNow, held.Counts));
    }

    [Fact]
    public void F69_clearing_retires_every_pool_and_disturbs_no_request()
    {
        using PoolDirectory directory = Directory();
        ConnectionPool busy = directory.For(PoolRig.Key("a")), idle = directory.For(PoolRig.Key("b"));
        Lease lease = Borrow(busy);
        Borrow(idle).Release(reusable: true);
        directory.Clear();
        Assert.Empty(directory.Pools.Keys);
        Assert.Equal([true, false], _factory.Opened.Select(static connection => connection.IsOpen));
        lease.Release(reusable: true);
        Assert.Equal(0, _factory.OpenNow);
        Assert.NotSame(busy, directory.For(PoolRig.Key("a")));
    }

    [Fact]
    public void F68_disposing_closes_what_is_lent_also_by_pools_that_were_evicted()
    {
        PoolDirectory directory = Directory(numPools: 1);
        ConnectionPool evicted = directory.For(PoolRig.Key("a"));
        Borrow(evicted);
        ConnectionPool current = directory.For(PoolRig.Key("b"));
        Borrow(current);
        Assert.Equal(2, _factory.OpenNow);
        directory.Dispose();
        directory.Dispose();
        Assert.Equal(0, _factory.OpenNow);
        Assert.Empty(directory.Pools.Keys);
        Assert.Throws<ClosedPoolException>(() => Borrow(evicted));
        Assert.Throws<ClosedPoolException>(() => Borrow(current));
        Assert.Throws<ClosedPoolException>(() => directory.For(PoolRig.Key("c")));
        Assert.Empty(directory.Pools.Keys);
    }

    [Fact]
    public void A_pool_that_was_evicted_is_not_kept_alive()
    {
        using PoolDirectory directory = Directory(numPools: 1);
        WeakReference evicted = Evict(directory);
        GC.Collect();
        Assert.False(evicted.IsAlive);
        GC.KeepAlive(directory);
    }

    [Fact]
    public async Task Many_threads_get_one_pool_for_one_key()
    {
        using PoolDirectory directory = Directory();
        var start = new Barrier(8);
        ConnectionPool[] pools = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OnThread(() =>
        {
            start.SignalAndWait();
            return directory.For(PoolRig.Key("a"));
        }))).WaitAsync(PoolRig.Guard);
        Assert.Single(pools.Distinct());
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference Evict(PoolDirectory directory)
    {
        var reference = new WeakReference(directory.For(PoolRig.Key("a")));
        directory.For(PoolRig.Key("b"));
        return reference;
    }

    private static Lease Borrow(ConnectionPool pool) => new(
        Blocking.Result(pool.Borrow<Blocking>(HttpTimeout.Default, default, fresh: false, null, CancellationToken.None)), pool);

    private PoolDirectory Directory(int numPools = 10) => new(new PoolOptions { NumPools = numPools }, _ => _factory);

    private static ConnectionPool? Find(PoolDirectory directory, string url) =>
        directory.TryFor(Url.Parse(url), out ConnectionPool? pool) ? pool : null;
}
