using System.Net;

namespace Urllib4.Diagnostics;

/// <summary>
/// Writes down what happens in a call whose maker wants to see it. There is none otherwise, so that whoever has something to report
/// pays for a null check and no more.
/// </summary>
/// <remarks>One flow of control writes; a reader of the report may come from another thread while the body is on its way.</remarks>
internal sealed class CallRecorder(TimeProvider clock)
{
    private readonly Lock _gate = new(); // guards everything below
    private readonly List<AttemptReport> _past = [];
    private readonly long _start = clock.GetTimestamp();
    private List<PhaseTime> _phases = [];
    private List<DialedAddress> _addresses = [];
    private AttemptReport? _present;
    private HttpPhase? _phase;
    private long _phaseStart;
    private TimeSpan? _duration;

    /// <summary>Another attempt begins.</summary>
    public void Begin(string method, Url url)
    {
        lock (_gate)
        {
            if (_present is not null)
                _past.Add(Present());
            _present = new AttemptReport { Method = method, Url = url, Phases = [], Addresses = [] };
            (_phases, _addresses) = ([], []);
        }
    }

    /// <summary>A phase begins, and with it ends the one before.</summary>
    public void Enter(HttpPhase phase)
    {
        lock (_gate)
        {
            Leave();
            (_phase, _phaseStart) = (phase, clock.GetTimestamp());
        }
    }

    /// <summary>An address was dialed.</summary>
    public void Dialed(IPEndPoint endPoint, string? failure)
    {
        lock (_gate)
            _addresses.Add(new DialedAddress(endPoint, failure));
    }

    /// <summary>The head of a response came.</summary>
    public void Answered(int status, HttpConnectionInfo connection)
    {
        lock (_gate)
        {
            Leave();
            _present = _present! with { Status = status, Connection = connection };
        }
    }

    /// <summary>The response ended, or was given up.</summary>
    public void Ended(HttpConnectionInfo connection)
    {
        lock (_gate)
        {
            Leave();
            _present = _present! with { Connection = connection };
            _duration = Elapsed;
        }
    }

    /// <summary>The attempt failed.</summary>
    public void Failed(HttpException error)
    {
        lock (_gate)
        {
            Leave();
            _present = _present! with { Error = _present.Error ?? error, Connection = error.Connection ?? _present.Connection };
            _duration = Elapsed;
        }
    }

    /// <summary>The attempt is over, and another one follows after a pause.</summary>
    public void GoOn(string reason, TimeSpan pause)
    {
        lock (_gate)
        {
            Leave();
            _present = _present! with { WentOnBecause = reason, Pause = pause };
            _duration = null;
        }
    }

    /// <summary>The story so far.</summary>
    public ExchangeReport Report()
    {
        lock (_gate)
            return new ExchangeReport { Attempts = [.. _past, Present()], Duration = _duration ?? Elapsed };
    }

    private TimeSpan Elapsed => clock.GetElapsedTime(_start);

    private AttemptReport Present()
    {
        PhaseTime[] running = _phase is { } phase ? [new PhaseTime(phase, clock.GetElapsedTime(_phaseStart))] : [];
        return _present! with { Phases = [.. _phases, .. running], Addresses = [.. _addresses] };
    }

    private void Leave()
    {
        if (_phase is not { } phase)
            return;
        _phases.Add(new PhaseTime(phase, clock.GetElapsedTime(_phaseStart)));
        _phase = null;
    }
}
