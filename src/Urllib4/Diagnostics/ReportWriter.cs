namespace Urllib4.Diagnostics;

/// <summary>Writes a call down, for the report that its maker asked for.</summary>
/// <remarks>One flow of control writes; a reader of the report may come from another thread while the body is on its way.</remarks>
internal sealed class ReportWriter(TimeProvider clock) : HttpEvents
{
    private readonly Lock _gate = new(); // guards everything below
    private readonly List<AttemptReport> _past = [];
    private readonly long _start = clock.GetTimestamp();
    private List<PhaseTime> _phases = [];
    private List<DialedAddress> _addresses = [];
    private List<ResolvedName> _names = [];
    private AttemptReport? _present;
    private HttpPhase? _phase;
    private long _phaseStart;
    private TimeSpan? _duration;

    public override void AttemptStarted(HttpAttempt attempt)
    {
        lock (_gate)
        {
            if (_present is not null)
                _past.Add(Present());
            _present = new AttemptReport { Method = attempt.Method, Url = attempt.Url, Phases = [], Addresses = [] };
            (_phases, _addresses, _names) = ([], [], []);
        }
    }

    public override void PhaseStarted(HttpAttempt attempt, HttpPhase phase)
    {
        lock (_gate)
            (_phase, _phaseStart) = (phase, clock.GetTimestamp());
    }

    public override void PhaseEnded(HttpAttempt attempt, PhaseTime phase)
    {
        lock (_gate)
        {
            _phases.Add(phase);
            _phase = null;
        }
    }

    public override void Resolved(HttpAttempt attempt, ResolvedName name)
    {
        lock (_gate)
            _names.Add(name);
    }

    public override void Dialed(HttpAttempt attempt, DialedAddress address)
    {
        lock (_gate)
            _addresses.Add(address);
    }

    public override void Answered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection)
    {
        lock (_gate)
            _present = _present! with { Status = status, Connection = connection };
    }

    internal override void LeftUnanswered(HttpAttempt attempt, string reason)
    {
        lock (_gate)
            _present = _present! with { NotAnsweredBecause = reason };
    }

    public override void Failed(HttpAttempt attempt, Exception error)
    {
        lock (_gate)
        {
            if (error is HttpException own)
                _present = _present! with { Error = own, Connection = own.Connection ?? _present.Connection };
            _duration = Elapsed;
        }
    }

    public override void Released(HttpAttempt attempt, HttpConnectionInfo connection)
    {
        lock (_gate)
        {
            _present = _present! with { Connection = connection };
            _duration = Elapsed;
        }
    }

    public override void GoingOn(HttpAttempt attempt, string reason, TimeSpan pause)
    {
        lock (_gate)
        {
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
        return _present! with { Phases = [.. _phases, .. running], Addresses = [.. _addresses], Names = [.. _names] };
    }
}
