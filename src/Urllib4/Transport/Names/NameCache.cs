using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>
/// A resolver with a memory: whoever asks for the same name at the same time shares a look-up, answers are kept for their time, looked up
/// again before it is over, and serve for a while after it when the resolver fails.
/// </summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class NameCache : INameSource
{
    // How long one who has a stale answer waits for a better one (RFC 8767, section 5).
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1.8);

    private static readonly NameOptions _nothing = new()
    {
        MaxTimeToLive = TimeSpan.Zero, FailureTimeToLive = TimeSpan.Zero, StaleFor = TimeSpan.Zero, MaxNames = 1,
    };

    private readonly RecentlyUsedContainer<(string Host, int Port), NameEntry> _entries;
    private readonly Func<(string Host, int Port), NameEntry> _create;

    /// <param name="resolver">Who is asked; null for the system's resolver.</param>
    /// <param name="options">How long its answers are kept.</param>
    /// <param name="clock">The clock of all that.</param>
    public NameCache(Resolver? resolver, NameOptions options, TimeProvider clock)
    {
        resolver ??= SystemResolver.Instance;
        _create = key => new NameEntry(resolver, key.Host, key.Port, options, clock);
        _entries = new(options.MaxNames);
    }

    /// <summary>One that remembers nothing, for a dial that belongs to no pool.</summary>
    public static NameCache Without(DialSettings settings) => new(settings.Resolver, _nothing, settings.Clock);

    /// <inheritdoc/>
    public ValueTask<FoundName> Find(bool isBlocking, string host, int port, TimeSpan limit, CancellationToken cancellationToken) =>
        isBlocking
            ? Find<Blocking>(host, port, limit, cancellationToken)
            : Find<Asynchronous>(host, port, limit, cancellationToken);

    /// <inheritdoc/>
    public void Doubt(string host, int port)
    {
        if (_entries.TryGet((host, port), out NameEntry? entry))
            entry.Doubt();
    }

    // Mostly the name is known, and then nothing waits.
    private ValueTask<FoundName> Find<TMode>(string host, int port, TimeSpan limit, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        cancellationToken.ThrowIfCancellationRequested();
        NameStep step = _entries.GetOrAdd((host, port), _create).Ask(TMode.IsBlocking, limit);
        if (step.Refresh is { } refresh)
            LookupThreads.Shared.Start(refresh);
        if (step.Found is { } found)
            return new ValueTask<FoundName>(found);
        if (step.Failure is { } failure)
            throw failure.ToException(host);
        if (step.IsNew)
            Begin<TMode>(step);
        return Await<TMode>(step, host, limit, cancellationToken);
    }

    private static async ValueTask<FoundName> Await<TMode>(
        NameStep step, string host, TimeSpan limit, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        LookupOutcome outcome;
        try
        {
            outcome = await step.Lookup!.Wait<TMode>(step.Waiter!, PatienceOf(step, limit), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (step.Stale is not null)
        {
            return step.Stale.Value with { Failure = $"the resolver takes longer than {FactText.Of(_patience)}" };
        }

        if (outcome.Answer is { } answer)
            return new FoundName(answer.EndPoints, NameSource.Resolver, TimeSpan.Zero, null);
        return step.Stale is { } stale && !outcome.IsGone ? stale with { Failure = outcome.Reason } : throw outcome.ToException(host);
    }

    private static void Begin<TMode>(NameStep step)
        where TMode : struct, IWaitMode
    {
        step.Left?.Abandon();
        if (TMode.IsBlocking)
            LookupThreads.Shared.Start(step.Lookup!);
        else
            step.Lookup!.AskAsync().Forget();
    }

    private static TimeSpan PatienceOf(NameStep step, TimeSpan limit)
    {
        if (step.Stale is null)
            return limit;
        TimeSpan left = _patience - step.Lookup!.Age;
        left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        return limit == Timeout.InfiniteTimeSpan || left < limit ? left : limit;
    }
}
