using System.Buffers.Binary;
using System.Text;

namespace Urllib4.Protocol.Http2;

/// <summary>ORIGIN: for which origins the server wants requests on this connection (RFC 8336).</summary>
internal static class OriginFrame
{
    /// <summary>The most origins taken from one frame; certificates that cover more names are rare, and this is only a hint.</summary>
    public const int MaxOrigins = 256;

    /// <summary>
    /// The origins, as text. Null when the frame is to be ignored: on a stream, or with flags that somebody may give a meaning one day
    /// (RFC 8336, section 2.1). An entry that is cut short ends the list.
    /// </summary>
    public static List<string>? Read(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        const byte reservedFlags = 0xf;
        if (header.StreamId != 0 || (header.Flags & reservedFlags) != 0)
            return null;
        var origins = new List<string>();
        while (payload.Length >= 2 && origins.Count < MaxOrigins)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(payload);
            payload = payload[2..];
            if (length > payload.Length)
                break;
            if (length > 0 && payload[..length].IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0)
                origins.Add(Encoding.ASCII.GetString(payload[..length]));
            payload = payload[length..];
        }

        return origins;
    }
}
