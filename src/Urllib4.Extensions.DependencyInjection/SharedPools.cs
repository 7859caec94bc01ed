using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Urllib4.DependencyInjection;

/// <summary>
/// All managers of a service provider, one for each value of <see cref="PoolOptions"/>. It is their only owner, since handlers and services
/// that stand on the same one come and go.
/// </summary>
internal sealed class SharedPools(
    IEnumerable<OptionsStep> steps, IOptionsMonitor<HostOptions> configured, ILoggerFactory? loggers = null)
    : IDisposable, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PoolOptions, PoolManager> _managers = [];
    private bool _isDisposed;

    /// <summary>The options of a name.</summary>
    public PoolOptions OptionsOf(string name) => steps.Where(step => step.Name == name)
        .Aggregate(configured.Get(name).Pools, static (options, step) => step.Change(options));

    /// <summary>The manager of a name.</summary>
    public PoolManager Of(string name) => With(OptionsOf(name));

    /// <summary>The manager of these options.</summary>
    public PoolManager With(PoolOptions options)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_managers.TryGetValue(options, out PoolManager? manager))
                _managers.Add(options, manager = new PoolManager(CallLog.Attach(options, loggers)));
            return manager;
        }
    }

    public void Dispose()
    {
        foreach (PoolManager manager in Close())
            manager.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PoolManager manager in Close())
            await manager.DisposeAsync().ConfigureAwait(false);
    }

    private PoolManager[] Close()
    {
        lock (_gate)
        {
            _isDisposed = true;
            PoolManager[] managers = [.. _managers.Values];
            _managers.Clear();
            return managers;
        }
    }
}
