using System.Net;
using System.Net.Sockets;
using Urllib4.Adapters;

namespace Urllib4.Tests.Adapters;

/// <summary>What <see cref="HttpClient"/> throws for what went wrong here.</summary>
public sealed class FailureMappingTests
{
    private static readonly CancellationToken _cancelled = new(canceled: true);

    private static readonly Dictionary<string, (Exception Ours, HttpRequestError Error, HttpStatusCode? Status)> _calls = new()
    {
        ["a name that nobody knows"] = (new NameResolutionException("a.test", "no such host"), HttpRequestError.NameResolutionError, null),
        ["a connection that cannot be made"] = (new NewConnectionException("refused"), HttpRequestError.ConnectionError, null),
        ["TLS"] = (new TlsException("no"), HttpRequestError.SecureConnectionError, null),
        ["a proxy that says no"] = (
            new TunnelRefusedException("no", 407, [], ReadOnlyMemory<byte>.Empty),
            HttpRequestError.ProxyTunnelError,
            HttpStatusCode.ProxyAuthenticationRequired),
        ["a proxy whose name nobody knows"] = (
            new ProxyException("no", new NameResolutionException("p.test", "no such host")), HttpRequestError.NameResolutionError, null),
        ["a limit on what is read"] = (
            new LimitExceededException("MaxHeaderBytes", 5, "the head", HttpPhase.Head), HttpRequestError.ConfigurationLimitExceeded, null),
        ["a response that is none"] = (
            new ProtocolException("garbage", HttpPhase.Head), HttpRequestError.InvalidResponse, null),
        ["a status that is no success"] = (
            new ResponseException("gone", 410), HttpRequestError.Unknown, HttpStatusCode.Gone),
    };

    public static TheoryData<string> Calls => [.. _calls.Keys];

    [Theory, MemberData(nameof(Calls))]
    public void A_failure_of_ours_becomes_the_one_of_the_platform_that_says_the_same(string name)
    {
        (Exception ours, HttpRequestError error, HttpStatusCode? status) = _calls[name];
        var mapped = Assert.IsType<HttpRequestException>(FailureMapping.OfCall(ours, CancellationToken.None));
        Assert.Equal((error, status, ours.Message), (mapped.HttpRequestError, mapped.StatusCode, mapped.Message));
        Assert.Same(ours, mapped.InnerException);
    }

    [Fact]
    public void A_time_that_ran_out_is_a_cancellation_with_a_timeout_inside_as_the_platform_has_it()
    {
        var ours = new ConnectTimeoutException("a.test", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), new SocketException());
        foreach (Func<Exception, CancellationToken, Exception> map in Maps())
        {
            var mapped = Assert.IsType<TaskCanceledException>(map(ours, CancellationToken.None));
            Assert.IsType<TimeoutException>(mapped.InnerException);
        }
    }

    [Fact]
    public void Whatever_fails_after_a_cancellation_is_that_cancellation()
    {
        foreach (Func<Exception, CancellationToken, Exception> map in Maps())
        {
            Exception[] failures = [new OperationCanceledException(), new NewConnectionException("cut"), new IOException()];
            foreach (Exception ours in failures)
            {
                var mapped = Assert.IsType<TaskCanceledException>(map(ours, _cancelled));
                Assert.Equal(_cancelled, mapped.CancellationToken);
                Assert.Same(ours, mapped.InnerException);
            }

            var platforms = new TaskCanceledException();
            Assert.Same(platforms, map(platforms, CancellationToken.None));
        }
    }

    [Fact]
    public void Pools_that_are_closed_are_a_handler_that_was_disposed()
    {
        foreach (Func<Exception, CancellationToken, Exception> map in Maps())
            Assert.IsType<ObjectDisposedException>(map(new ClosedPoolException("The pool"), CancellationToken.None));
    }

    [Fact]
    public void What_a_content_of_the_caller_throws_is_a_request_that_failed_and_what_is_unknown_stays()
    {
        var io = new HttpIOException(HttpRequestError.ResponseEnded, "ended");
        var mapped = Assert.IsType<HttpRequestException>(FailureMapping.OfCall(io, CancellationToken.None));
        Assert.Equal(HttpRequestError.ResponseEnded, mapped.HttpRequestError);
        Assert.IsType<HttpRequestException>(FailureMapping.OfCall(new IOException("disk"), CancellationToken.None));
        Assert.IsType<HttpRequestException>(FailureMapping.OfCall(new InvalidOperationException("used"), CancellationToken.None));
        var own = new ArgumentException("mine");
        Assert.Same(own, FailureMapping.OfCall(own, CancellationToken.None));
        Assert.Same(own, FailureMapping.OfBody(own, CancellationToken.None));
    }

    [Fact]
    public void A_body_that_fails_says_how()
    {
        Assert.IsType<InvalidDataException>(FailureMapping.OfBody(new DecodeException("bad"), CancellationToken.None));
        var limit = new LimitExceededException("MaxBytes", 5, "the body", HttpPhase.Body);
        Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, Error(limit));
        Assert.Equal(HttpRequestError.InvalidResponse, Error(new ProtocolException("garbage", HttpPhase.Body)));

        static HttpRequestError Error(Exception ours) =>
            Assert.IsType<HttpIOException>(FailureMapping.OfBody(ours, CancellationToken.None)).HttpRequestError;
    }

    private static Func<Exception, CancellationToken, Exception>[] Maps() => [FailureMapping.OfCall, FailureMapping.OfBody];
}
