using Urllib4.Connections;
using Urllib4.Diagnostics;

namespace Urllib4.Managers;

/// <summary>What is left of a call when its response was handed over with a body on its way.</summary>
internal sealed class ResponseBodyObserver(string method, Url url, Retry retries, int attempts, CallRecorder? recorder) : IBodyObserver
{
    public ExchangeReport? Report => recorder?.Report();

    public void BodyBegan() => recorder?.Enter(HttpPhase.Body);

    public void BodyRead(ReadOnlySpan<byte> part) => recorder?.BodyReceived(part);

    public void BodyEnded(ExchangeHandle exchange) => recorder?.Ended(exchange.Connection);

    public void BodyFailed(HttpException error, ExchangeHandle exchange)
    {
        error.Connection ??= exchange.Connection;
        error.ServerMayHaveActed = true;
        error.NotRetriedBecause ??= $"the {method} was not resent because the response had begun";
        Blame(error, url, retries, attempts, recorder);
    }

    /// <summary>Completes an error with what is known of the call.</summary>
    public static void Blame(HttpException error, Url url, Retry retries, int attempts, CallRecorder? recorder)
    {
        error.Url ??= url;
        error.Attempts = attempts;
        if (error.History.Count == 0)
            error.History = retries.History;
        recorder?.Failed(error, error.Connection);
        error.Report = recorder?.Report();
    }
}
