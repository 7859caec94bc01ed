using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Urllib4.TestKit;

/// <summary>A request as a <see cref="HttpBinServer"/> noted it down.</summary>
public sealed class LoggedRequest
{
    private long _bodyLength;

    internal LoggedRequest(HttpContext context)
    {
        Method = context.Request.Method;
        Target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        Protocol = context.Request.Protocol;
        ConnectionId = context.Connection.Id;
        Headers = context.Request.Headers.ToFrozenDictionary(
            static h => h.Key, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The request target, to the letter.</summary>
    public string Target { get; }

    /// <summary>The version, such as <c>HTTP/1.1</c>.</summary>
    public string Protocol { get; }

    /// <summary>The same for all requests of one connection.</summary>
    public string ConnectionId { get; }

    /// <summary>The headers; several values of one name are joined by commas.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Bytes of the body that were read so far.</summary>
    public long BodyLength => Interlocked.Read(ref _bodyLength);

    internal void Count(int bytes) => Interlocked.Add(ref _bodyLength, bytes);
}
