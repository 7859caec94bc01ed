using Urllib4.Bodies;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Managers;

/// <summary>What every request of a manager begins with: its own headers, and ours where it has none.</summary>
/// <remarks>Safe to use from several threads; who loses a race makes the block once more.</remarks>
internal sealed class DefaultHeaders
{
    private const string UserAgent = "urllib4/0.1";

    public DefaultHeaders(HttpHeaderDict configured)
    {
        HttpHeaderDict all = configured.Clone();
        all.TryAdd(HeaderNames.UserAgent, UserAgent);
        all.TryAdd(HeaderNames.AcceptEncoding, ContentCodings.AcceptEncoding);
        All = all.Freeze();
    }

    public HttpHeaderDict All { get; }

    /// <summary>The same, ready to be sent.</summary>
    /// <exception cref="InvalidHeaderException">They cannot be sent.</exception>
    public HeaderBlock Block => field ??= new HeaderBlock(All);
}
