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
    /// <summary>Opens a wire that leads through the proxy to an origin.</summary>
    /// <exception cref="TunnelRefusedException">The proxy said no.</exception>
    /// <exception cref="ProxyException">It cannot be reached, or does not speak the protocol.</exception>
    public static async ValueTask<Wire> Open<TMode>(ProxyHop hop, Origin origin, PoolOptions options, ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        string target = string.Create(CultureInfo.InvariantCulture, $"{origin.HostName.HeaderName}:{origin.Port}");
        var call = new TunnelCall(hop, target, options, terms);
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

    /// <summary>
    /// One wish for a tunnel, over as many connections as the authentication takes. Each request is an exchange like any other; the wire is
    /// taken back when they are over.
    /// </summary>
    private sealed class TunnelCall(ProxyHop hop, string target, PoolOptions options, ConnectTerms terms) : IConnectionOwner
    {
        private readonly AuthHandshake? _handshake = hop.NewHandshake("CONNECT", target);
        private bool _mayAskAgain; // on the same connection

        /// <summary>Whether the tunnel stands.</summary>
        public bool IsOpen { get; private set; }

        /// <summary>Asks until there is a tunnel, or the connection is of no more use; a refusal is thrown.</summary>
        public async ValueTask Ask<TMode>(Wire wire)
            where TMode : struct, IWaitMode
        {
            Deadline talkBy = Deadline.In(terms.Timeout.Proxy, options.Clock);
            var identity = new HttpConnectionInfo { Id = HttpConnection.NextId() };
            var connection = new Http1Connection(wire, identity, options.Limits, options.Clock, TMode.IsBlocking);
            bool isAnswering = false;
            try
            {
                do
                {
                    wire.Await(HttpPhase.Proxy, isAnswering ? talkBy.Remaining : terms.Timeout.Proxy, terms.Total);
                    IsOpen = await Try<TMode>(wire, connection).ConfigureAwait(false);
                    isAnswering = true;
                }
                while (!IsOpen && _mayAskAgain);
            }
            catch (ConnectionClosedException) when (isAnswering)
            {
                // Some proxies close after a challenge without saying so.
            }
            catch (TlsException e)
            {
                throw hop.Unreachable(e);
            }
            catch (ConnectionClosedException e) when (e.InnerException is { } broken)
            {
                // The request could not be written, or not a byte of the answer came: either may be tried again.
                throw ConnectSteps.BrokenOff(wire, broken);
            }
            catch (ProtocolException e)
            {
                throw new ProxyException($"{Peer(wire)} did not answer CONNECT {target} as HTTP: {e.Sentence}", e);
            }
        }

        void IConnectionOwner.Return(HttpConnection connection, bool reusable) => _mayAskAgain = reusable;

        private static string Peer(Wire wire) => string.Concat("T", wire.Peer.AsSpan(1));

        private async ValueTask<bool> Try<TMode>(Wire wire, Http1Connection connection)
            where TMode : struct, IWaitMode
        {
            var exchangeTerms = new ExchangeTerms(terms.Timeout, terms.Total, terms.CancellationToken) { KeepsWait = true };
            ExchangeHandle exchange = connection.Begin(new Lease(connection, this), exchangeTerms);
            try
            {
                var request = new RequestHead("CONNECT", target, target, Headers(), BodyFraming.None);
                terms.Recorder.Sending(request);
                await exchange.Send<TMode>(request, null).ConfigureAwait(false);
                ResponseHead head = await exchange.ReadHead<TMode>().ConfigureAwait(false);
                terms.Recorder.Received(head);
                if (exchange.IsSwitched && head.Status != 101)
                {
                    // Nobody has spoken to the origin yet, so there is nothing that it could have answered.
                    return wire.Unread.IsEmpty ? true : throw new ProxyException(
                        $"{Peer(wire)} sent more than its answer to CONNECT {target}.");
                }

                bool answers = _handshake?.TryAnswer(head.Status, head.Headers) == true;
                string why = _handshake?.WhyNotAnswered is { } reason ? $": {reason}" : "";
                byte[] body = await ReadBody<TMode>(exchange).ConfigureAwait(false);
                return answers ? false : throw new TunnelRefusedException(
                    $"{Peer(wire)} refused CONNECT {target} with {head.Status} {Escaping.Show(head.Reason)}".TrimEnd() + $"{why}.",
                    head.Status,
                    head.Headers.Freeze(),
                    body);
            }
            finally
            {
                exchange.Finish();
            }
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
        private static async ValueTask<byte[]> ReadBody<TMode>(ExchangeHandle exchange)
            where TMode : struct, IWaitMode
        {
            byte[] body = new byte[TunnelRefusedException.MaxBodyLength];
            int length = 0;
            try
            {
                while (length < body.Length && !exchange.IsComplete
                    && await exchange.ReadBody<TMode>(body.AsMemory(length)).ConfigureAwait(false) is > 0 and int count)
                {
                    length += count;
                }
            }
            catch (HttpException e) when (e is ProtocolException or HttpTimeoutException)
            {
            }

            return body[..length];
        }
    }
}
