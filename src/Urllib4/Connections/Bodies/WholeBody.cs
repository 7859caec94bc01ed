using System.Buffers;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>A body that comes in parts.</summary>
internal interface IBodyParts
{
    /// <summary>Whether the last part has come.</summary>
    bool IsAtEnd { get; }

    /// <summary>Reads some of it; 0 at its end.</summary>
    ValueTask<int> Read<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode;

    /// <summary>Gives it up because of a failure on this side.</summary>
    void Fail(HttpException error);
}

/// <summary>Collects the parts of a body in memory, up to <see cref="DecodeLimits.MaxDecodedBytes"/>.</summary>
internal static class WholeBody
{
    private const int FirstRoom = 4 * 1024;
    private const int TrustedLength = 1024 * 1024;

    /// <summary>Reads the rest of a body.</summary>
    /// <param name="parts">The body.</param>
    /// <param name="announced">The length the server announced for what is still to be read, if it did.</param>
    /// <param name="most">The most bytes of it; null for as many as an array can hold.</param>
    /// <exception cref="IncompleteReadException">The body ended early; the error holds what came.</exception>
    /// <exception cref="LimitExceededException">It is longer than it may be.</exception>
    public static async ValueTask<byte[]> Read<TMode, TParts>(TParts parts, long? announced, long? most)
        where TMode : struct, IWaitMode
        where TParts : struct, IBodyParts
    {
        byte[] data = new byte[Room(parts, 0, announced, most)];
        int end = 0;
        try
        {
            while (await parts.Read<TMode>(data.AsMemory(end)).ConfigureAwait(false) is > 0 and int count)
            {
                end += count;
                if (end > most)
                    throw TooLong(parts, most);
                if (parts.IsAtEnd)
                    break;
                if (end == data.Length)
                    Array.Resize(ref data, Room(parts, end, announced, most));
            }
        }
        catch (IncompleteReadException e) when (end > 0)
        {
            e.Partial = data.AsMemory(0, end);
            throw;
        }

        if (end != data.Length)
            Array.Resize(ref data, end);
        return data;
    }

    /// <summary>Reads the rest of a body into memory that grows as it comes.</summary>
    /// <inheritdoc cref="Read"/>
    public static async ValueTask ReadInto<TMode, TParts>(
        TParts parts, long? announced, ArrayBufferWriter<byte> destination, long? most)
        where TMode : struct, IWaitMode
        where TParts : struct, IBodyParts
    {
        try
        {
            while (!parts.IsAtEnd)
            {
                int room = Room(parts, destination.WrittenCount, announced, most) - destination.WrittenCount;
                Memory<byte> free = destination.GetMemory(Math.Max(1, Math.Min(room, FirstRoom)));
                if (await parts.Read<TMode>(free).ConfigureAwait(false) is not (> 0 and int count))
                    return;
                destination.Advance(count);
                if (destination.WrittenCount > most)
                    throw TooLong(parts, most);
            }
        }
        catch (IncompleteReadException e)
        {
            e.Partial = destination.WrittenMemory.ToArray();
            throw;
        }
    }

    // Memory grows with what has come, not with what was promised (LM-06). One byte more than is allowed has room, since only it tells a
    // body that is too long from one that ends just there.
    private static int Room<TParts>(TParts parts, int used, long? announced, long? most)
        where TParts : struct, IBodyParts
    {
        if (used == Array.MaxLength || announced > most || announced > Array.MaxLength)
            throw TooLong(parts, most);
        long room = used == 0 ? FirstRoom : 2L * used;
        if (announced is { } length && length > used)
            room = Math.Min(length, Math.Max(room, TrustedLength));
        return (int)Math.Min(room, Math.Min((most ?? Array.MaxLength) + 1, Array.MaxLength));
    }

    private static LimitExceededException TooLong<TParts>(TParts parts, long? most)
        where TParts : struct, IBodyParts
    {
        const string What = "A body that is read as a whole, and not as a stream,";
        LimitExceededException error = most < Array.MaxLength
            ? new(nameof(DecodeLimits.MaxDecodedBytes), most.Value, What, HttpPhase.Body)
            : new("Array.MaxLength", Array.MaxLength, What, HttpPhase.Body);
        parts.Fail(error);
        return error;
    }
}
