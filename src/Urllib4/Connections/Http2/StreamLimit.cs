using Urllib4.Protocol.Http2;

namespace Urllib4.Connections;

/// <summary>
/// How many streams a server takes on a connection, as it said on the last one. A new connection does not know yet, and what it opens
/// beyond that would be refused and sent again. The connections of a pool share it.
/// </summary>
internal sealed class StreamLimit
{
    private int _value = Http2Settings.StreamsBeforeSettings;

    /// <summary>The limit; at least 1, since a server that takes none at this moment may take some on the next connection.</summary>
    public int Value
    {
        get => Volatile.Read(ref _value);
        set => Volatile.Write(ref _value, Math.Max(1, value));
    }
}
