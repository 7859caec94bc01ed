using System.Net;
using System.Net.Http;
using System.Runtime.CompilerServices;
using Urllib4.Waiting;

namespace Urllib4.Adapters;

/// <summary>
/// The functions that a program gives a handler to open connections with, as a <see cref="Dialer"/>. They are asynchronous in the
/// platform's words; a blocking call lends them its thread until they are done, as it does there.
/// </summary>
/// <param name="connect"><see cref="SocketsHttpHandler.ConnectCallback"/>.</param>
/// <param name="request">The request that makes the present thread or flow open a connection.</param>
internal sealed class CallbackDialer(
    Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect, Func<HttpRequestMessage?> request) : Dialer
{
    public override Stream Dial(DialTarget target, CancellationToken cancellationToken) =>
        Blocking.Hold(DialAsync(target, cancellationToken));

    public override async ValueTask<Stream> DialAsync(DialTarget target, CancellationToken cancellationToken)
    {
        try
        {
            SocketsHttpConnectionContext context = HandlerCallbacks.NewContext(new DnsEndPoint(target.Host, target.Port), request()!);
            return await connect(context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new CallbackException(e);
        }
    }
}

/// <summary>
/// A function of the program has failed; the program gets to see its own failure, as it does over the platform's handler.
/// </summary>
#pragma warning disable CA1064 // nobody gets to see it
internal sealed class CallbackException(Exception reason) : Exception(reason.Message, reason)
{
    /// <summary>What the program's function threw, if that is below a failure.</summary>
    public static Exception? Below(Exception failure)
    {
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            if (at is CallbackException)
                return at.InnerException;
        }

        return null;
    }
}
#pragma warning restore CA1064

/// <summary>What both callbacks of a handler need.</summary>
internal static class HandlerCallbacks
{
    /// <summary>What the filter of a handler makes of the stream of a connection.</summary>
    /// <param name="filter"><see cref="SocketsHttpHandler.PlaintextStreamFilter"/>.</param>
    /// <param name="request">The request that makes the present thread or flow open a connection.</param>
    public static Func<Stream, CancellationToken, ValueTask<Stream>> FilterOf(
        Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>> filter, Func<HttpRequestMessage?> request) =>
        async (stream, cancellationToken) =>
        {
            try
            {
                SocketsHttpPlaintextStreamFilterContext context = NewContext(stream, HttpVersion.Version11, request()!);
                return await filter(context, cancellationToken).ConfigureAwait(false)
                    ?? throw new InvalidOperationException($"{nameof(SocketsHttpHandler.PlaintextStreamFilter)} gave no stream.");
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                throw new CallbackException(e);
            }
        };

    // The platform makes these for its own handler only; programs that are written for it take nothing else.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern SocketsHttpConnectionContext NewContext(DnsEndPoint endPoint, HttpRequestMessage request);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SocketsHttpPlaintextStreamFilterContext NewContext(Stream stream, Version version, HttpRequestMessage request);
}
