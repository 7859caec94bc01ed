using System.Globalization;
using Urllib4.Policies.Auth;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// Asks an HTTP proxy for a tunnel (RFC 9110, section 9.3.6). The request says where to, and what the proxy has to know of this side;
/// nothing of what the origin is going to be told (PX-02).
/// </summary>
internal static class ConnectTunnel
{
    private const int BufferLength = 8 * 1024;

    /// <summary>Opens a wire that leads through the proxy to an origin.</summary>
    /// <exception cref="TunnelRefusedException">The proxy said no.</exception>
    /// <exception cref="ProxyException">It cannot be reached, or does not speak the protocol.</exception>
    public static async ValueTask<Wire> Open<TMode>(ProxyHop hop, Origin origin, PoolOptions options, ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        string target = string.Create(CultureInfo.InvariantCulture, $"{origin.HostName.HeaderName}:{origin.Port}");
        var call = new TunnelCall(hop, target, options);
        while (true)
        {
            Wire wire = await hop.Reach<TMode>(terms).ConfigureAwait(false);
            await ConnectSteps.Talk(wire, terms, call.Ask<TMode>).ConfigureAwait(false);
            if (call.IsOpen)
                return wire;
            // The challenge was answered, but the proxy does not want to hear it on this connection.
            wire.Rest();
            wire.Close();
        }
    }

    /// <summary>One wish for a tunnel, over as many connections as the authentication takes.</summary>
    private sealed class TunnelCall(ProxyHop hop, string target, PoolOptions options)
    {
        private readonly AuthHandshake? _handshake = hop.NewHandshake("CONNECT", target);

        /// <summary>Whether the tunnel stands.</summary>
        public bool IsOpen { get; private set; }

        /// <summary>Asks until there is a tunnel, or the connection is of no more use; a refusal is thrown.</summary>
        public async ValueTask Ask<TMode>(Wire wire)
            where TMode : struct, IWaitMode
        {
            bool isAnswering = false;
            try
            {
                var session = new Http1Session(options.Limits);
                while (!await Try<TMode>(wire, session).ConfigureAwait(false))
                {
                    if (!session.CanReuse || !wire.Unread.IsEmpty)
                        return;
                    session.StartNext();
                    isAnswering = true;
                }

                IsOpen = true;
            }
            catch (ConnectionClosedException) when (isAnswering)
            {
                // Some proxies close after a challenge without saying so.
            }
            catch (TlsException e)
            {
                throw hop.Unreachable(e);
            }
            catch (ProtocolException e)
            {
                throw new ProxyException($"{Peer(wire)} did not answer CONNECT {target} as HTTP: {e.Sentence}", e);
            }
        }

        private static string Peer(Wire wire) => string.Concat("T", wire.Peer.AsSpan(1));

        private async ValueTask<bool> Try<TMode>(Wire wire, Http1Session session)
            where TMode : struct, IWaitMode
        {
            session.SendHead(new RequestHead("CONNECT", target, target, Headers(), BodyFraming.None), wire);
            await wire.Flush<TMode>().ConfigureAwait(false);
            HeadResult result;
            ResponseHead? head;
            while ((result = Receive(wire, session, out head)) is HeadResult.NeedMore or HeadResult.Informational)
            {
                if (result is HeadResult.NeedMore && await wire.Fill<TMode>().ConfigureAwait(false) == 0)
                    session.ReceiveEof(wire.EndedCleanly, wire.Break);
            }

            if (result is HeadResult.Switching && head!.Status != 101)
            {
                // Nobody has spoken to the origin yet, so there is nothing that it could have answered.
                return wire.Unread.IsEmpty ? true : throw new ProxyException(
                    $"{Peer(wire)} sent more than its answer to CONNECT {target}.");
            }

            bool answers = _handshake?.TryAnswer(head!.Status, head.Headers) == true;
            string why = _handshake?.WhyNotAnswered is { } reason ? $": {reason}" : "";
            byte[] body = await ReadBody<TMode>(wire, session).ConfigureAwait(false);
            return answers ? false : throw new TunnelRefusedException(
                $"{Peer(wire)} refused CONNECT {target} with {head!.Status} {Escaping.Show(head.Reason)}".TrimEnd() + $"{why}.",
                head.Status,
                head.Headers.Freeze(),
                body);
        }

        private static HeadResult Receive(Wire wire, Http1Session session, out ResponseHead? head)
        {
            HeadResult result = session.ReceiveHead(wire.Unread, out int consumed, out head);
            wire.Consume(consumed);
            return result;
        }

        private HttpHeaderDict Headers()
        {
            HttpHeaderDict headers = hop.Proxy.Headers.Clone();
            if (options.TunnelUserAgent?.Invoke() is { } agent)
                headers.TryAdd(HeaderNames.UserAgent, agent);
            if (_handshake?.NextHeader() is { } credentials)
                headers.TryAdd(_handshake.HeaderName, credentials);
            return headers.Freeze();
        }

        // As much as an error shows; the rest is not worth waiting for. What is cut short says enough.
        private static async ValueTask<byte[]> ReadBody<TMode>(Wire wire, Http1Session session)
            where TMode : struct, IWaitMode
        {
            using var body = new MemoryStream();
            byte[] buffer = new byte[BufferLength];
            try
            {
                while (!session.IsResponseComplete && body.Length < TunnelRefusedException.MaxBodyLength)
                {
                    BodyResult result = session.ReceiveBody(wire.Unread, buffer, out int consumed, out int written);
                    wire.Consume(consumed);
                    body.Write(buffer, 0, written);
                    if (result is BodyResult.End)
                        break;
                    if (written == 0 && await wire.Fill<TMode>().ConfigureAwait(false) == 0)
                        session.ReceiveEof(wire.EndedCleanly, wire.Break);
                }
            }
            catch (HttpException e) when (e is ProtocolException or HttpTimeoutException)
            {
            }

            if (body.Length > TunnelRefusedException.MaxBodyLength)
                body.SetLength(TunnelRefusedException.MaxBodyLength);
            return body.ToArray();
        }
    }
}
