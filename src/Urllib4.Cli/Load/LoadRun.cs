using Urllib4.Cli.Requests;

namespace Urllib4.Cli.Load;

/// <summary>What came of a load.</summary>
internal sealed record LoadResult(
    LatencyHistogram Latencies,
    IReadOnlyDictionary<int, long> Statuses,
    IReadOnlyDictionary<string, long> Errors,
    long Bytes,
    TimeSpan Time,
    double Rate,
    int Code);

/// <summary>
/// Sends requests over a number of connections, each on a thread of its own, as fast as answers come or at a rate. At a rate a request has
/// a moment at which it is due, and its time counts from there: an answer that holds others up is seen in all of them (coordinated
/// omission).
/// </summary>
internal sealed class LoadRun(RequestPlan plan, int connections, double rate, TimeSpan duration, CancellationToken cancellationToken)
{
    private static readonly TimeProvider _clock = TimeProvider.System;

    private readonly RequestOptions _request = plan.Request with { PreloadContent = true, Retries = Retry.None };
    private readonly LatencyHistogram _latencies = new();
    private readonly Dictionary<int, long> _statuses = [];
    private readonly Dictionary<string, long> _errors = [];
    private readonly Lock _gate = new();
    private long _start;
    private long _turn;
    private long _bytes;
    private int _code = -1;

    public LoadResult Run()
    {
        using var manager = new PoolManager(plan.Pool with { MaxSize = connections });
        _start = _clock.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, connections).Select(_ => new Thread(() => Work(manager), 256 * 1024))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        TimeSpan time = _clock.GetElapsedTime(_start);
        // A load that is interrupted tells what it has seen.
        int code = cancellationToken.IsCancellationRequested ? ExitCodes.Interrupted : Math.Max(_code, 0);
        return new LoadResult(_latencies, _statuses, _errors, _bytes, time, rate, code);
    }

    private void Work(PoolManager manager)
    {
        var own = new LatencyHistogram();
        var statuses = new Dictionary<int, long>();
        var buffer = new ResponseBuffer();
        long bytes = 0;
        while (NextDue() is { } due)
        {
            try
            {
                manager.RequestInto(plan.Method, plan.Url, buffer, _request, cancellationToken);
                own.Add((long)(_clock.GetElapsedTime(_start) - due).TotalMicroseconds);
                statuses[buffer.Status] = statuses.GetValueOrDefault(buffer.Status) + 1;
                bytes += buffer.Body.Length;
            }
            catch (HttpException e)
            {
                Fail(e);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        lock (_gate)
        {
            _latencies.Add(own);
            _bytes += bytes;
            foreach ((int status, long count) in statuses)
            {
                _statuses[status] = _statuses.GetValueOrDefault(status) + count;
                _code = Math.Max(_code, ExitCodes.Of(status));
            }
        }
    }

    // When the next request is due, since the start; null when time is over.
    private TimeSpan? NextDue()
    {
        TimeSpan now = _clock.GetElapsedTime(_start);
        if (rate == 0)
            return now < duration && !cancellationToken.IsCancellationRequested ? now : null;
        var due = TimeSpan.FromSeconds((Interlocked.Increment(ref _turn) - 1) / rate);
        if (due >= duration)
            return null;
        if (due > now)
            cancellationToken.WaitHandle.WaitOne(due - now);
        return cancellationToken.IsCancellationRequested ? null : due;
    }

    private void Fail(HttpException error)
    {
        lock (_gate)
        {
            string name = (error is MaxRetryException { Reason: { } reason } ? reason : error).GetType().Name;
            _errors[name] = _errors.GetValueOrDefault(name) + 1;
            _code = ExitCodes.Of(error);
        }
    }
}
