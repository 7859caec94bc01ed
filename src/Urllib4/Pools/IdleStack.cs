using System.Diagnostics.CodeAnalysis;
using Urllib4.Connections;

namespace Urllib4.Pools;

/// <summary>
/// Idle connections of one kind: taken from the young end, so that few stay warm and the rest can age, and cleared from the old end. A ring
/// that grows but never shrinks, so that borrowing and returning allocate nothing.
/// </summary>
internal sealed class IdleStack
{
    private HttpConnection?[] _ring = new HttpConnection?[4]; // the length is a power of two
    private int _oldest;

    public int Count { get; private set; }

    public void Push(HttpConnection connection)
    {
        if (Count == _ring.Length)
            Grow();
        _ring[Slot(Count)] = connection;
        Count++;
    }

    public bool TryPop([NotNullWhen(true)] out HttpConnection? youngest)
    {
        if (Count == 0)
        {
            youngest = null;
            return false;
        }

        Count--;
        youngest = Take(Slot(Count));
        return true;
    }

    public bool TryTakeOldest([NotNullWhen(true)] out HttpConnection? oldest)
    {
        if (Count == 0)
        {
            oldest = null;
            return false;
        }

        oldest = Take(_oldest);
        _oldest = Slot(1);
        Count--;
        return true;
    }

    /// <summary>Takes one out, wherever it stands; false when it is not here.</summary>
    public bool TryRemove(HttpConnection connection)
    {
        int age = 0;
        while (age < Count && _ring[Slot(age)] != connection)
            age++;
        if (age == Count)
            return false;
        Count--;
        for (; age < Count; age++)
            _ring[Slot(age)] = _ring[Slot(age + 1)];
        _ring[Slot(Count)] = null;
        return true;
    }

    public void CopyTo(List<HttpConnection> list)
    {
        for (int i = 0; i < Count; i++)
            list.Add(_ring[Slot(i)]!);
    }

    private int Slot(int age) => (_oldest + age) & (_ring.Length - 1);

    private HttpConnection Take(int slot)
    {
        HttpConnection connection = _ring[slot]!;
        _ring[slot] = null;
        return connection;
    }

    private void Grow()
    {
        var larger = new HttpConnection?[_ring.Length * 2];
        for (int i = 0; i < Count; i++)
            larger[i] = _ring[Slot(i)];
        _ring = larger;
        _oldest = 0;
    }
}
