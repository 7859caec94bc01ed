namespace Urllib4.Benchmarks;

/// <summary>
/// Threads that stay from round to round. What a thread keeps for itself, such as the buffers of the shared pool, would else be made anew
/// in each round, and counted as what the few requests of a short round allocate.
/// </summary>
internal sealed class Crew : IDisposable
{
    private readonly Barrier _turn;
    private Action<int>? _work;

    public Crew(int size)
    {
        _turn = new Barrier(size + 1);
        for (int i = 0; i < size; i++)
        {
            int number = i;
            new Thread(() => Serve(number)) { IsBackground = true }.Start();
        }
    }

    /// <summary>Has each thread do something, which is told the number of the thread, and waits for all of them.</summary>
    public void Do(Action<int> work)
    {
        _work = work;
        _turn.SignalAndWait();
        _turn.SignalAndWait();
    }

    public void Dispose()
    {
        _work = null;
        _turn.SignalAndWait();
        _turn.SignalAndWait();
        _turn.Dispose();
    }

    private void Serve(int number)
    {
        while (true)
        {
            _turn.SignalAndWait();
            Action<int>? work = _work;
            work?.Invoke(number);
            _turn.SignalAndWait();
            if (work is null)
                return;
        }
    }
}
