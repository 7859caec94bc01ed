using System.Diagnostics;
using System.Net;

namespace Urllib4.Diagnostics;

/// <summary>
/// Makes a client span of each attempt. It ends with the head of the response, as System.Net.Http's does, so that the two can be compared
/// and no span waits for a body that nobody reads.
/// </summary>
internal sealed class SpanWriter : HttpEvents
{
    private Activity? _span;
    private string? _reason;

    public override void AttemptStarted(HttpAttempt attempt)
    {
        if (!UrllibTracing.Source.HasListeners())
            return;
        string method = TelemetryText.Method(attempt.Method);
        bool isKnown = method == attempt.Method;
        // Given at the start, for samplers to look at.
        ActivityTagsCollection tags = new()
        {
            ["http.request.method"] = method,
            ["server.address"] = TelemetryText.Host(attempt.Url),
            ["server.port"] = attempt.Url.EffectivePort,
            ["url.full"] = TelemetryText.Url(attempt.Url),
        };
        if (!isKnown)
            tags["http.request.method_original"] = attempt.Method;
        if (attempt.Number > 1)
        {
            tags["http.request.resend_count"] = attempt.Number - 1;
            tags["urllib4.attempt.cause"] = attempt.Cause.ToString();
            tags["urllib4.attempt.reason"] = _reason;
        }

        _span = UrllibTracing.Source.StartActivity("Urllib4.HttpRequestOut", ActivityKind.Client, default(ActivityContext), tags);
        if (_span is not null)
            _span.DisplayName = isKnown ? method : "HTTP";
    }

    public override void PhaseStarted(HttpAttempt attempt, HttpPhase phase)
    {
        if (_span is { IsAllDataRequested: true })
            _span.AddEvent(new ActivityEvent(NameOf(phase)));
    }

    public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection)
    {
        if (_span is not { IsAllDataRequested: true })
            return;
        _span.SetTag("urllib4.connection.id", connection.Id).SetTag("urllib4.connection.reused", connection.IsReused);
        if (connection.RemoteEndPoint is IPEndPoint peer)
            _span.SetTag("network.peer.address", peer.Address.ToString()).SetTag("network.peer.port", peer.Port);
    }

    public override void Answered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection)
    {
        _span?.SetTag("http.response.status_code", status).SetTag("network.protocol.version", TelemetryText.Version(version));
        End(TelemetryText.ErrorType(status), null);
    }

    public override void Failed(HttpAttempt attempt, Exception error) =>
        End(TelemetryText.ErrorType(error), (error as HttpException)?.Sentence);

    public override void GoingOn(HttpAttempt attempt, string reason, TimeSpan pause) => _reason = reason;

    private static string NameOf(HttpPhase phase) => phase switch
    {
        HttpPhase.PoolWait => "urllib4.pool_wait",
        HttpPhase.Resolve => "urllib4.resolve",
        HttpPhase.Connect => "urllib4.connect",
        HttpPhase.Proxy => "urllib4.proxy",
        HttpPhase.Tls => "urllib4.tls",
        HttpPhase.Send => "urllib4.send",
        HttpPhase.Head => "urllib4.head",
        _ => $"urllib4.{phase}",
    };

    private void End(string? errorType, string? description)
    {
        if (_span is not { } span)
            return;
        _span = null;
        if (errorType is not null)
            span.SetTag("error.type", errorType).SetStatus(ActivityStatusCode.Error, description);
        span.Stop();
    }
}
