using System.Diagnostics;

namespace Urllib4.Diagnostics;

/// <summary>Measures the attempts of a call. Nothing here knows the whole URL: a tag for each would be a time series for each.</summary>
internal sealed class MetricWriter(TimeProvider clock) : HttpEvents
{
    private TagList _place;
    private TagList _request; // the place and the method
    private long _start;
    private bool _isActive;
    private bool _hasActiveCount; // whether it was counted, so that it is taken back by whoever was told of it
    private bool _hasWaited;

    public override void AttemptStarted(HttpAttempt attempt)
    {
        _place = TelemetryText.Place(attempt.Url);
        _request = _place;
        _request.Add("http.request.method", TelemetryText.Method(attempt.Method));
        _start = clock.GetTimestamp();
        _isActive = true;
        _hasWaited = false;
        if (_hasActiveCount = UrllibMetrics.ActiveRequests.Enabled)
            UrllibMetrics.ActiveRequests.Add(1, _request);
        switch (attempt.Cause)
        {
            case AttemptCause.Retry:
                UrllibMetrics.Retries.Add(1, _request);
                break;
            case AttemptCause.Redirect:
                UrllibMetrics.Redirects.Add(1, _request);
                break;
            case AttemptCause.Replay:
                UrllibMetrics.Replays.Add(1, _request);
                break;
        }
    }

    // Whoever finds an idle connection passes no phase before it has it.
    public override void PhaseStarted(HttpAttempt attempt, HttpPhase phase) => _hasWaited = true;

    public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection)
    {
        if (!_hasWaited)
            return;
        TagList tags = _request;
        tags.Add("network.protocol.version", TelemetryText.Version(connection));
        UrllibMetrics.TimeInQueue.Record(Elapsed, tags);
    }

    public override void Answered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection)
    {
        TagList tags = _request;
        tags.Add("http.response.status_code", status);
        tags.Add("network.protocol.version", TelemetryText.Version(version));
        End(tags, TelemetryText.ErrorType(status));
    }

    public override void Failed(HttpAttempt attempt, Exception error) => End(_request, TelemetryText.ErrorType(error));

    public override void Released(HttpAttempt attempt, HttpConnectionInfo connection)
    {
        UrllibMetrics.BytesSent.Add(connection.BytesWritten, _place);
        UrllibMetrics.BytesReceived.Add(connection.BytesRead, _place);
    }

    private double Elapsed => clock.GetElapsedTime(_start).TotalSeconds;

    private void End(TagList tags, string? errorType)
    {
        if (!_isActive)
            return;
        _isActive = false;
        if (_hasActiveCount)
            UrllibMetrics.ActiveRequests.Add(-1, _request);
        if (errorType is not null)
            tags.Add("error.type", errorType);
        UrllibMetrics.RequestDuration.Record(Elapsed, tags);
    }
}
