using System.Runtime.CompilerServices;
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

    /// <summary>Reads the rest of a body into an array of its length.</summary>
    /// <param name="parts">The body.</param>
    /// <param name="announced">The length the server announced for what is still to be read, if it did.</param>
    /// <param name="most">The most bytes of it, no more than an array can hold.</param>
    /// <exception cref="IncompleteReadException">The body ended early; the error holds what came.</exception>
    /// <exception cref="LimitExceededException">It is longer than it may be.</exception>
    public static async ValueTask<byte[]> Read<TMode, TParts>(TParts parts, long? announced, int most)
        where TMode : struct, IWaitMode
        where TParts : struct, IBodyParts
    {
        ArraySegment<byte> body = await ReadInto<TMode, TParts>(parts, [], announced, most).ConfigureAwait(false);
        return body.Count == body.Array!.Length ? body.Array : body.ToArray();
    }

    /// <summary>Reads the rest of a body into an array of the caller's, or into a larger one in its place.</summary>
    /// <param name="parts">The body.</param>
    /// <param name="room">Where to put it; it is overwritten from its start.</param>
    /// <param name="announced">The length the server announced for what is still to be read, if it did.</param>
    /// <param name="most">The most bytes of it, no more than an array can hold.</param>
    /// <returns>The body: the start of <paramref name="room"/>, or of the larger array.</returns>
    /// <exception cref="IncompleteReadException">The body ended early; the error holds a copy of what came.</exception>
    /// <exception cref="LimitExceededException">It is longer than it may be.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<ArraySegment<byte>> ReadInto<TMode, TParts>(TParts parts, byte[] room, long? announced, int most)
        where TMode : struct, IWaitMode
        where TParts : struct, IBodyParts
    {
        if (announced > most)
            throw TooLong(parts, most);
        int end = 0;
        try
        {
            while (!parts.IsAtEnd)
            {
                if (end == room.Length)
                    room = Grow(parts, room, announced, most);
                if (await parts.Read<TMode>(room.AsMemory(end)).ConfigureAwait(false) is not (> 0 and int count))
                    break;
                end += count;
                if (end > most)
                    throw TooLong(parts, most);
            }
        }
        catch (IncompleteReadException e) when (end > 0)
        {
            e.Partial = room.AsSpan(0, end).ToArray(); // the room is the caller's to use again
            throw;
        }

        return new(room, 0, end);
    }

    // Memory grows with what has come, not with what was promised (LM-06). One byte more than is allowed has room, since only it tells a
    // body that is too long from one that ends just there.
    private static byte[] Grow<TParts>(TParts parts, byte[] full, long? announced, int most)
        where TParts : struct, IBodyParts
    {
        int used = full.Length;
        if (used == Array.MaxLength)
            throw TooLong(parts, most);
        long length = Math.Max(FirstRoom, 2L * used);
        if (announced > used)
            length = Math.Min(announced.Value, Math.Max(length, TrustedLength));
        Array.Resize(ref full, (int)Math.Min(length, Math.Min(most + 1L, Array.MaxLength)));
        return full;
    }

    private static LimitExceededException TooLong<TParts>(TParts parts, int most)
        where TParts : struct, IBodyParts
    {
        const string What = "A body that is read as a whole, and not as a stream,";
        LimitExceededException error = most < Array.MaxLength
            ? new(nameof(DecodeLimits.MaxDecodedBytes), most, What, HttpPhase.Body)
            : new("Array.MaxLength", Array.MaxLength, What, HttpPhase.Body);
        parts.Fail(error);
        return error;
    }
}
