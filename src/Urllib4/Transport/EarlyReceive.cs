using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>A receive that was begun before anybody needs what it brings; its bytes go where those of any receive go.</summary>
internal struct EarlyReceive
{
    private ValueTask<int> _receive;

    /// <summary>Whether one was begun and not taken yet.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>Whether it has brought something: bytes, the end, or a failure.</summary>
    public readonly bool HasEnded => IsBegun && _receive.IsCompleted;

    /// <summary>Takes note of one.</summary>
    public void Begin(ValueTask<int> receive)
    {
        _receive = receive;
        IsBegun = true;
    }

    /// <summary>Hands it over to whoever needs it; from then on there is none.</summary>
    public ValueTask<int> Take()
    {
        IsBegun = false;
        ValueTask<int> receive = _receive;
        _receive = default; // an idle wire holds on to nothing
        return receive;
    }

    /// <summary>As a task, for more than one who waits; it still has to be taken.</summary>
    public Task<int> Share()
    {
        Task<int> shared = _receive.AsTask();
        _receive = new ValueTask<int>(shared);
        return shared;
    }

    /// <summary>Leaves it to itself, whatever becomes of it.</summary>
    public void Forget() => Take().AsTask().Forget();
}
