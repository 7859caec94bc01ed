using System.Net;
using System.Net.Http;

namespace Urllib4.Adapters;

/// <summary>
/// The failures of this library as <c>SocketsHttpHandler</c> would have thrown them, so that what catches those catches these; the
/// failure itself is the inner exception.
/// </summary>
internal static class FailureMapping
{
    /// <summary>A call that gave no response.</summary>
    public static Exception OfCall(Exception failure, CancellationToken cancellationToken) => failure switch
    {
        TaskCanceledException => failure,
        OperationCanceledException => new TaskCanceledException(failure.Message, failure, cancellationToken),
        _ when cancellationToken.IsCancellationRequested => new TaskCanceledException(failure.Message, failure, cancellationToken),
        HttpTimeoutException => TimedOut(failure),
        ClosedPoolException => new ObjectDisposedException("The handler was disposed.", failure),
        Http2Exception own => new HttpRequestException(HttpRequestError.HttpProtocolError, own.Message, Broken(own)),
        HttpException own => new HttpRequestException(ErrorOf(own), own.Message, CallbackException.Below(own) ?? own, StatusOf(own)),
        // The content of the request failed.
        HttpIOException io => new HttpRequestException(io.HttpRequestError, io.Message, io),
        IOException or InvalidOperationException => new HttpRequestException(failure.Message, failure),
        _ => failure,
    };

    /// <summary>A response whose body cannot be read to its end.</summary>
    public static Exception OfBody(Exception failure, CancellationToken cancellationToken) => failure switch
    {
        TaskCanceledException => failure,
        OperationCanceledException => new TaskCanceledException(failure.Message, failure, cancellationToken),
        _ when cancellationToken.IsCancellationRequested => new TaskCanceledException(failure.Message, failure, cancellationToken),
        HttpTimeoutException => TimedOut(failure),
        ClosedPoolException => new ObjectDisposedException("The handler was disposed.", failure),
        DecodeLimitException or LimitExceededException => OfBody(HttpRequestError.ConfigurationLimitExceeded, failure),
        DecodeException => new InvalidDataException(failure.Message, failure),
        Http2Exception own => Broken(own),
        IncompleteReadException { InnerException: not null } => new IOException(failure.Message, failure),
        IncompleteReadException => OfBody(HttpRequestError.ResponseEnded, failure),
        HttpException => OfBody(HttpRequestError.InvalidResponse, failure),
        _ => failure,
    };

    private static HttpProtocolException Broken(Http2Exception failure) => new((long)failure.ErrorCode, failure.Message, failure);

    private static HttpIOException OfBody(HttpRequestError error, Exception failure) => new(error, failure.Message, failure);

    // What the platform's own limit on connecting ends in.
    private static TaskCanceledException TimedOut(Exception failure) =>
        new(failure.Message, new TimeoutException(failure.Message, failure));

    private static HttpRequestError ErrorOf(HttpException failure) => failure switch
    {
        NameResolutionException => HttpRequestError.NameResolutionError,
        NewConnectionException => HttpRequestError.ConnectionError,
        TlsException { IsAboutVersion: true } => HttpRequestError.VersionNegotiationError,
        TlsException => HttpRequestError.SecureConnectionError,
        ProxyException { InnerException: not HttpException } => HttpRequestError.ProxyTunnelError,
        LimitExceededException => HttpRequestError.ConfigurationLimitExceeded,
        ProtocolException { Initiator: Initiator.Network } =>
            failure.InnerException is null or EndOfStreamException ? HttpRequestError.ResponseEnded : HttpRequestError.Unknown,
        ProtocolException => HttpRequestError.InvalidResponse,
        _ => failure.InnerException is HttpException reason ? ErrorOf(reason) : HttpRequestError.Unknown,
    };

    private static HttpStatusCode? StatusOf(HttpException failure) => failure switch
    {
        ResponseException answer => (HttpStatusCode)answer.Status,
        TunnelRefusedException refusal => (HttpStatusCode)refusal.Status,
        { InnerException: HttpException reason } => StatusOf(reason),
        _ => null,
    };
}
