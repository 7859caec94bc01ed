using Urllib4.Policies;

namespace Urllib4.Tests.Policies;

public sealed class FailureKindTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private static readonly Url _url = Url.Parse("http://a/");

    private static readonly Dictionary<Type, (HttpException Error, FailureKind Kind)> _table = new (HttpException Error, FailureKind Kind)[]
    {
        (new NewConnectionException("refused"), FailureKind.Connect),
        (new NameResolutionException("a", "no address"), FailureKind.Connect),
        (new NameResolutionTimeoutException("a", _second, _second), FailureKind.Connect),
        (new ConnectTimeoutException("a:80", _second, _second), FailureKind.Connect),
        (new TlsTimeoutException("a:443", _second, _second), FailureKind.Connect),
        (new ProxyTimeoutException("http://p", _second, _second), FailureKind.Connect),
        (new ReadTimeoutException(HttpPhase.Head, _second, _second), FailureKind.Read),
        (new ThroughputException(1, 2, _second, _second), FailureKind.Read),
        (new SendTimeoutException(_second, _second), FailureKind.Read),
        (new ProtocolException("not HTTP", HttpPhase.Head), FailureKind.Read),
        (new LimitExceededException("MaxHeaderLines", 1, "The head", HttpPhase.Head), FailureKind.Final),
        (new ConnectionClosedException("closed", HttpPhase.Head), FailureKind.Read),
        (new IncompleteReadException(1, 2), FailureKind.Read),
        (new InvalidChunkException("chunk"), FailureKind.Read),
        (new Http2Exception("reset", Http2ErrorCode.Cancel, 1), FailureKind.Read),
        (new TlsException("certificate"), FailureKind.Final),
        (new CertificateException(CertificateFailure.Name, "another name"), FailureKind.Final),
        (new ProxyException("403"), FailureKind.Final),
        (new PoolTimeoutException("pool", _second, _second), FailureKind.Final),
        (new TotalTimeoutException(HttpPhase.Head, _second, _second), FailureKind.Final),
        (new ClosedPoolException("pool"), FailureKind.Final),
        (new HostChangedException("pool", _url), FailureKind.Final),
        (new MaxRetryException(_url, new NewConnectionException("refused"), 1), FailureKind.Final),
        (new ResponseException("too many", 500), FailureKind.Final),
        (new DecodeException("gzip"), FailureKind.Final),
        (new DecodeLimitException("MaxRatio", 1000, 1, 1001), FailureKind.Final),
        (new InvalidRequestException("bad"), FailureKind.Final),
        (new InvalidHeaderException("a", 0, "bad"), FailureKind.Final),
        (new BodyLengthException(1, 2), FailureKind.Final),
        (new UnrewindableBodyException("once"), FailureKind.Final),
        (new LocationValueException("bad"), FailureKind.Final),
        (new LocationParseException("a", 0, "bad"), FailureKind.Final),
        (new UrlSchemeUnknownException("ftp"), FailureKind.Final),
        (new ProxySchemeUnknownException("ftp"), FailureKind.Final),
        (new TunnelRefusedException("403", 403, [], default), FailureKind.Final),
        (new RedirectException(_url, "ftp://a", RedirectRule.UnsupportedScheme), FailureKind.Final),
        (new EgressRefusedException("a", 80, null, "rule"), FailureKind.Final),
    }.ToDictionary(row => row.Error.GetType());

    public static TheoryData<Type> Types => [.. typeof(HttpException).Assembly.GetExportedTypes()
        .Where(type => type.IsSubclassOf(typeof(HttpException)) && !type.IsAbstract)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_error_of_the_tree_has_its_counter(Type type)
    {
        // A new error fails here until somebody has decided where it counts.
        Assert.True(_table.TryGetValue(type, out var row), $"{type.Name} is missing in the table.");
        Assert.Equal(row.Kind, FailureKinds.Of(row.Error));
    }

    [Fact]
    public void A_proxy_that_cannot_be_reached_counts_as_a_connect_failure()
    {
        Assert.Equal(FailureKind.Connect, FailureKinds.Of(new ProxyException("unreachable", new NewConnectionException("refused"))));
        Assert.Equal(
            FailureKind.Connect,
            FailureKinds.Of(new ProxyException("slow", new ConnectTimeoutException("p:80", _second, _second))));
        Assert.Equal(
            FailureKind.Connect,
            FailureKinds.Of(new ProxyException("second", new ProxyException("first", new NewConnectionException("refused")))));
    }

    [Fact]
    public void Tls_and_proxy_failures_are_retried_only_where_they_may_pass()
    {
        Assert.Equal(FailureKind.Other, FailureKinds.Of(new TlsException("broken off") { IsTransient = true }));
        Assert.Equal(FailureKind.Other, FailureKinds.Of(new ProxyException("503") { IsTransient = true }));
        ReadTimeoutException silence = new(HttpPhase.Head, _second, _second);
        Assert.Equal(FailureKind.Other, FailureKinds.Of(new ProxyException("silent", silence) { IsTransient = true }));
        Assert.Equal(FailureKind.Final, FailureKinds.Of(new ProxyException("untrusted", new TlsException("certificate"))));
    }
}
