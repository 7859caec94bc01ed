using Urllib4.Diagnostics;
using Urllib4.Primitives;

namespace Urllib4.Connections;

/// <summary>How a pool gets a new connection: route, dial, tunnel, TLS, protocol, all behind one call.</summary>
internal interface IConnectionFactory
{
    /// <summary>Opens a connection of the caller's kind, ready for its first request.</summary>
    /// <exception cref="HttpException">It could not be opened; nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing is left behind.</exception>
    ValueTask<HttpConnection> Open<TMode>(
        HttpTimeout timeout, Deadline total, CallRecorder? recorder, CancellationToken cancellationToken)
        where TMode : struct, Waiting.IWaitMode;
}
