using System.Buffers;
using System.Buffers.Binary;

namespace Urllib4.Protocol.Http2;

/// <summary>SETTINGS: what a side says about itself, and the answer to it (RFC 9113, section 6.5).</summary>
internal static class SettingsFrame
{
    private const int EntryLength = 6;

    /// <exception cref="Http2Exception">It is on a stream, or has a length that it cannot have.</exception>
    public static void Check(FrameHeader header)
    {
        if (header.StreamId != 0)
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent SETTINGS on a stream (RFC 9113, section 6.5)");
        if (header.Has(FrameHeader.Ack) ? header.Length != 0 : header.Length % EntryLength != 0)
            throw Http2Errors.Connection(
                Http2ErrorCode.FrameSizeError, $"sent SETTINGS of {header.Length} bytes, which it cannot have (RFC 9113, section 6.5)");
    }

    /// <summary>Takes the first of the values that are left.</summary>
    public static (SettingId Id, uint Value) Next(ref ReadOnlySpan<byte> payload)
    {
        var id = (SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload);
        uint value = BinaryPrimitives.ReadUInt32BigEndian(payload[2..]);
        payload = payload[EntryLength..];
        return (id, value);
    }

    public static void Write(ReadOnlySpan<(SettingId Id, uint Value)> settings, IBufferWriter<byte> output)
    {
        int length = settings.Length * EntryLength;
        Span<byte> frame = output.GetSpan(FrameHeader.Size + length);
        new FrameHeader(length, FrameType.Settings, 0, 0).Write(frame);
        Span<byte> entry = frame[FrameHeader.Size..];
        foreach ((SettingId id, uint value) in settings)
        {
            BinaryPrimitives.WriteUInt16BigEndian(entry, (ushort)id);
            BinaryPrimitives.WriteUInt32BigEndian(entry[2..], value);
            entry = entry[EntryLength..];
        }

        output.Advance(FrameHeader.Size + length);
    }

    public static void WriteAck(IBufferWriter<byte> output)
    {
        new FrameHeader(0, FrameType.Settings, FrameHeader.Ack, 0).Write(output.GetSpan(FrameHeader.Size));
        output.Advance(FrameHeader.Size);
    }
}
