namespace Urllib4.Connections;

/// <summary>
/// Who may touch a body: one reader at a time, and anybody may give it up, even while it is being read. Then it is the reader who clears
/// away, since its buffers are in use until it comes back.
/// </summary>
internal struct ReadGate
{
    private const int Free = 0;
    private const int Reading = 1;
    private const int GivenUpWhileReading = 2;
    private const int Ending = 3;
    private const int Over = 4;

    private int _state; // interlocked

    /// <summary>Whether nobody is ever going to read again.</summary>
    public readonly bool IsOver => Volatile.Read(in _state) == Over;

    /// <summary>Whether it was given up while somebody reads who has not noticed yet.</summary>
    public readonly bool IsGivenUp => Volatile.Read(in _state) == GivenUpWhileReading;

    /// <summary>Begins to read; false while somebody else does, and when nobody may any more.</summary>
    /// <param name="isBeingRead">Whether it is somebody else who reads.</param>
    public bool TryEnter(out bool isBeingRead) => TryBecome(Reading, out isBeingRead);

    /// <summary>Begins to end it: to whoever comes from now on, it has been given up.</summary>
    /// <inheritdoc cref="TryEnter"/>
    public bool TryEnd(out bool isBeingRead) => TryBecome(Ending, out isBeingRead);

    /// <summary>
    /// Ends a read after which others may follow; false when the body was given up meanwhile, and the reader has to end it.
    /// </summary>
    public bool TryLeave() => Interlocked.CompareExchange(ref _state, Free, Reading) == Reading;

    /// <summary>Ends the last read; true when the body was given up meanwhile.</summary>
    public bool Close() => Interlocked.Exchange(ref _state, Over) == GivenUpWhileReading;

    /// <summary>Gives the body up; false when that was done already.</summary>
    /// <param name="isBeingRead">Whether it is left to the reader, or to whoever is about to end it.</param>
    public bool TryGiveUp(out bool isBeingRead)
    {
        while (true)
        {
            int state = Interlocked.CompareExchange(ref _state, Over, Free);
            isBeingRead = state is Reading or Ending;
            if (!isBeingRead)
                return state == Free;
            if (Interlocked.CompareExchange(ref _state, GivenUpWhileReading, state) == state)
                return true;
        }
    }

    private bool TryBecome(int state, out bool isBeingRead)
    {
        int before = Interlocked.CompareExchange(ref _state, state, Free);
        isBeingRead = before == Reading;
        return before == Free;
    }
}
