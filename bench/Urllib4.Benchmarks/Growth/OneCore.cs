using System.Diagnostics;

namespace Urllib4.Benchmarks;

/// <summary>The first core for the main thread and what it starts, until disposed; the servers of a growth run are there too.</summary>
internal sealed class OneCore : IDisposable
{
    private readonly Process _self = Process.GetCurrentProcess();
    private readonly nint _all;

    public OneCore()
    {
        _all = _self.ProcessorAffinity;
        _self.ProcessorAffinity = 1;
    }

    public void Dispose()
    {
        _self.ProcessorAffinity = _all;
        _self.Dispose();
    }
}
