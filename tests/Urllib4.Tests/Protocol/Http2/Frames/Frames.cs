using System.Buffers.Binary;
using System.Text;
using Urllib4.Protocol.Hpack;
using Urllib4.Protocol.Http2;
using Urllib4.Tests.Protocol.Hpack;

namespace Urllib4.Tests.Protocol.Http2;

/// <summary>Frames of a server, and what a client wrote, as text.</summary>
internal static class Frames
{
    public const byte End = FrameHeader.EndStream;
    public const byte Whole = FrameHeader.EndHeaders;

    public static byte[] Of(FrameType type, int flags, int stream, params byte[] payload) => Claiming(payload.Length, type, flags, stream, payload);

    /// <summary>A frame whose header says another length than its payload has.</summary>
    public static byte[] Claiming(int length, FrameType type, int flags, int stream, params byte[] payload)
    {
        byte[] frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(length, type, (byte)flags, stream).Write(frame);
        payload.CopyTo(frame, FrameHeader.Size);
        return frame;
    }

    /// <summary>A block of plain literals, whose names and values may be wrong in any way.</summary>
    public static byte[] Block(string fields)
    {
        var block = new List<byte>();
        foreach (string field in fields.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = field.IndexOf(": ", StringComparison.Ordinal);
            block.Add(0);
            AddString(block, field[..colon]);
            AddString(block, field[(colon + 2)..]);
        }

        return [.. block];
    }

    public static byte[] Headers(int stream, string fields, bool end = false) =>
        Of(FrameType.Headers, Whole | (end ? End : 0), stream, Block(fields));

    public static byte[] Data(int stream, string text, bool end = false) => Of(FrameType.Data, end ? End : 0, stream, Encoding.Latin1.GetBytes(text));

    public static byte[] Settings(params (SettingId Id, uint Value)[] settings)
    {
        byte[] payload = new byte[settings.Length * 6];
        for (int i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), (ushort)settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), settings[i].Value);
        }

        return Of(FrameType.Settings, 0, 0, payload);
    }

    public static byte[] Reset(int stream, Http2ErrorCode code) => Of(FrameType.RstStream, 0, stream, Number((int)code));

    public static byte[] WindowUpdate(int stream, int increment) => Of(FrameType.WindowUpdate, 0, stream, Number(increment));

    public static byte[] Ping(byte last, bool ack = false) => Of(FrameType.Ping, ack ? 1 : 0, 0, 0, 0, 0, 0, 0, 0, 0, last);

    public static byte[] GoAway(int last, Http2ErrorCode code, string text = "") =>
        Of(FrameType.GoAway, 0, 0, [.. Number(last), .. Number((int)code), .. Encoding.Latin1.GetBytes(text)]);

    public static byte[] Number(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    public static byte[] Join(params byte[][] frames) => [.. frames.SelectMany(static f => f)];

    /// <summary>Describes what a client wrote, frame by frame.</summary>
    public static List<string> Describe(ReadOnlySpan<byte> wire, HpackDecoder? decoder = null)
    {
        var frames = new List<string>();
        decoder ??= new HpackDecoder();
        if (wire.StartsWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8))
        {
            frames.Add("PREFACE");
            wire = wire[24..];
        }

        while (!wire.IsEmpty)
        {
            FrameHeader header = FrameHeader.Read(wire);
            ReadOnlySpan<byte> payload = wire.Slice(FrameHeader.Size, header.Length);
            wire = wire[(FrameHeader.Size + header.Length)..];
            frames.Add(Describe(header, payload, decoder));
        }

        return frames;
    }

    private static void AddString(List<byte> block, string text)
    {
        byte[] length = new byte[HpackInteger.MaxLength];
        block.AddRange(length.AsSpan(0, HpackInteger.Write(text.Length, 7, 0, length)));
        block.AddRange(Encoding.Latin1.GetBytes(text));
    }

    private static string Describe(FrameHeader header, ReadOnlySpan<byte> payload, HpackDecoder decoder)
    {
        string end = header.Has(FrameHeader.EndStream) ? " end" : "";
        return header.Type switch
        {
            FrameType.Data => $"DATA {header.StreamId}{end} {Encoding.Latin1.GetString(payload)}",
            FrameType.Headers when header.Has(Whole) => $"HEADERS {header.StreamId}{end} {HpackText.Decode(decoder, payload)}",
            FrameType.Headers or FrameType.Continuation => $"{header.Type} {header.StreamId}{end} {header.Length}{(header.Has(Whole) ? " last" : "")}",
            FrameType.RstStream => $"RST {header.StreamId} {(Http2ErrorCode)BinaryPrimitives.ReadInt32BigEndian(payload)}",
            FrameType.Settings when header.Has(FrameHeader.Ack) => "SETTINGS ack",
            FrameType.Settings => $"SETTINGS {Settings(payload)}",
            FrameType.Ping => $"PING{(header.Has(FrameHeader.Ack) ? " ack" : "")} {payload[7]}",
            FrameType.GoAway => $"GOAWAY {BinaryPrimitives.ReadInt32BigEndian(payload)} {(Http2ErrorCode)BinaryPrimitives.ReadInt32BigEndian(payload[4..])}",
            FrameType.WindowUpdate => $"WINDOW_UPDATE {header.StreamId} {BinaryPrimitives.ReadInt32BigEndian(payload)}",
            FrameType.PriorityUpdate => $"PRIORITY_UPDATE {header.StreamId}: {BinaryPrimitives.ReadInt32BigEndian(payload)} {Encoding.Latin1.GetString(payload[4..])}",
            _ => $"{header.Type} {header.StreamId}",
        };
    }

    private static string Settings(ReadOnlySpan<byte> payload)
    {
        var text = new List<string>();
        while (!payload.IsEmpty)
        {
            (SettingId id, uint value) = SettingsFrame.Next(ref payload);
            text.Add($"{id}={value}");
        }

        return string.Join(' ', text);
    }
}
