using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.Protocol;

namespace Urllib4.Managers;

/// <summary>
/// The head of a request as it goes out over one hop: with what this side says to the origin, and to the proxy that forwards it.
/// </summary>
internal static class HopHead
{
    /// <summary>Puts it together and checks it, before a connection is asked for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="credentials">Who this side is; null when nobody says so, which a proxy always does.</param>
    /// <param name="pool">Whose connections it is for.</param>
    /// <exception cref="InvalidRequestException">It cannot be sent.</exception>
    public static RequestHead For(OutgoingRequest request, HttpHeaderDict headers, CallCredentials? credentials, ConnectionPool pool)
    {
        if (request.Body?.IsSpent == true)
            throw new UnrewindableBodyException("The body was sent before, and it can be read only once.");
        RequestHead head = pool.Forwarder is { } hop
            ? Forwarded(request, headers, credentials!, hop)
            : Direct(request, headers, credentials, pool.HostHeader);
        return head with { Terms = RequestRules.Check(head) };
    }

    private static RequestHead Direct(OutgoingRequest request, HttpHeaderDict headers, CallCredentials? credentials, string host)
    {
        credentials?.LeaveProxy();
        // Meant for a proxy that takes no part in this hop: no origin may see it (PX-01).
        bool isAstray = headers.Contains(HeaderNames.ProxyAuthorization);
        if (credentials is not null || isAstray)
        {
            headers = headers.Clone();
            headers.Remove(HeaderNames.ProxyAuthorization);
            credentials?.AddTo(headers);
            headers.Freeze();
        }

        return new RequestHead(request.Method, request.Target, host, headers, FramingOf(request))
        {
            Block = ReferenceEquals(request.Block?.Headers, headers) ? request.Block : null,
        };
    }

    private static RequestHead Forwarded(OutgoingRequest request, HttpHeaderDict headers, CallCredentials credentials, ProxyHop hop)
    {
        HttpHeaderDict all = headers.Clone();
        string target = request.ForwardedTarget;
        credentials.AddTo(all);
        if (hop.Proxy.Headers is { IsEmpty: false } own)
            all.Update(own);
        credentials.AddTo(all, hop, request, target);
        return new RequestHead(request.Method, target, request.Url.Origin.HostHeader, all.Freeze(), FramingOf(request));
    }

    private static BodyFraming FramingOf(OutgoingRequest request) =>
        request.Body is not { } body ? BodyFraming.None : body.Length is { } length ? BodyFraming.OfLength(length) : BodyFraming.Chunked;
}
