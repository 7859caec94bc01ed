using System.Net;
using Urllib4.Policies;
using Urllib4.TestKit;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Tests.Transport;

public sealed class NameResolverTests : ModeTests
{
    [Theory]
    [InlineData(Mode.Blocking, "127.0.0.1", "127.0.0.1:80")]
    [InlineData(Mode.Asynchronous, "::1", "[::1]:80")]
    [InlineData(Mode.Blocking, "fe80::1%7", "[fe80::1%7]:80")]
    [InlineData(Mode.Asynchronous, "fe80::1%7", "[fe80::1%7]:80")]
    public async Task An_address_is_dialed_as_it_is(Mode mode, string host, string endpoint) =>
        Assert.Equal(endpoint, Assert.Single(await Resolve(mode, host)).ToString());

    [Theory]
    [InlineData(Mode.Blocking, "fe80::1%nosuch0")]
    [InlineData(Mode.Asynchronous, "fe80::1%nosuch0")]
    [InlineData(Mode.Asynchronous, "fe80::1%0")]
    public async Task An_interface_that_does_not_exist_is_named(Mode mode, string host)
    {
        var error = await Assert.ThrowsAsync<NameResolutionException>(() => Resolve(mode, host));

        Assert.Equal(host, error.Host);
        Assert.Contains($"no network interface '{host[(host.IndexOf('%') + 1)..]}'", error.Message, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<IPEndPoint>> Resolve(Mode mode, string host)
    {
        DialSettings settings = DialSettings.Default with { Resolver = Resolver.FromTable([]) };
        return Call(mode, () => Blocking.Result(As<Blocking>()), () => As<Asynchronous>().AsTask());

        ValueTask<IReadOnlyList<IPEndPoint>> As<TMode>()
            where TMode : struct, IWaitMode => NameResolver.Resolve<TMode>(
                host, 80, settings, Timeout.InfiniteTimeSpan, default, null, CancellationToken.None);
    }
}
