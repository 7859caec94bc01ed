using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Urllib4.Protocol.Hpack;
using Urllib4.Protocol.Http2;

namespace Urllib4.SocketTests.Http2.Soak;

/// <summary>One connection of a <see cref="FickleServer"/>.</summary>
internal sealed class FickleConnection(Socket socket, Random random) : IDisposable
{
    private const int PrefaceLength = 24;
    private const int Patience = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly HpackDecoder _decoder = new();
    private readonly Dictionary<int, FickleStream> _streams = [];
    private readonly int _streamWindow = random.Next(1_000, 200_000);
    private int _clientWindow = Http2Settings.DefaultWindow;
    private long _receiveRoom = Http2Settings.DefaultWindow;
    private int _newest;
    private int _last = int.MaxValue;
    private bool _isCut;

    /// <summary>The first rule that the client broke.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether the connection has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Requests without their end.</summary>
    public int OpenStreams => _streams.Count;

    /// <summary>What may be sent on all streams together.</summary>
    public long SendRoom { get; private set; } = Http2Settings.DefaultWindow;

    /// <summary>The most that it was.</summary>
    public long GreatestRoom { get; private set; }

    /// <summary>The most that it was since this was last set to 0.</summary>
    public long GreatestRoomLately { get; set; }

    public void Dispose() => socket.Dispose();

    public void Run()
    {
        byte[] buffer = new byte[256 * 1024];
        int length = 0;
        bool hasPreface = false;
        try
        {
            uint streams = (uint)random.Next(20, 100);
            SettingsFrame.Write([(SettingId.MaxConcurrentStreams, streams), (SettingId.InitialWindowSize, (uint)_streamWindow)], _output);
            while (!_isCut && socket.Receive(buffer.AsSpan(length)) is var count and > 0)
            {
                length += count;
                int at = 0;
                if (!hasPreface && length >= PrefaceLength)
                    (hasPreface, at) = (true, PrefaceLength);
                while (hasPreface && !_isCut && TryTake(buffer.AsSpan(at, length - at), out int taken))
                    at += taken;
                buffer.AsSpan(at, length - at).CopyTo(buffer);
                length -= at;
                Pump();
                if (_last != int.MaxValue && _streams.Count == 0)
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
        catch (Exception e)
        {
            Fault ??= e.ToString();
        }

        IsOver = true;
        socket.Dispose();
    }

    private bool TryTake(ReadOnlySpan<byte> bytes, out int taken)
    {
        taken = 0;
        if (bytes.Length < FrameHeader.Size)
            return false;
        FrameHeader header = FrameHeader.Read(bytes);
        if (bytes.Length < FrameHeader.Size + header.Length)
            return false;
        taken = FrameHeader.Size + header.Length;
        Take(header, bytes[FrameHeader.Size..taken]);
        return true;
    }

    private void Take(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.Settings when !header.Has(FrameHeader.Ack):
                while (!payload.IsEmpty)
                {
                    if (SettingsFrame.Next(ref payload) is (SettingId.InitialWindowSize, var size))
                        _clientWindow = (int)size;
                }

                SettingsFrame.WriteAck(_output);
                break;
            case FrameType.Ping when !header.Has(FrameHeader.Ack):
                PingFrame.Write(PingFrame.Read(header, payload), isAck: true, _output);
                break;
            case FrameType.WindowUpdate:
                TakeRoom(header.StreamId, WindowUpdateFrame.Read(header, payload));
                break;
            case FrameType.Headers:
                TakeRequest(header, payload);
                break;
            case FrameType.Data:
                TakeBody(header, payload);
                break;
            case FrameType.RstStream:
                _streams.Remove(header.StreamId);
                break;
        }
    }

    private void TakeRoom(int stream, int increment)
    {
        if (stream == 0)
        {
            SendRoom += increment;
            GreatestRoom = Math.Max(GreatestRoom, SendRoom);
            GreatestRoomLately = Math.Max(GreatestRoomLately, SendRoom);
        }
        else if (_streams.TryGetValue(stream, out FickleStream? found))
        {
            found.SendRoom += increment;
        }
    }

    private void TakeRequest(FrameHeader header, ReadOnlySpan<byte> block)
    {
        string path = "";
        _decoder.Start();
        while (_decoder.Next(ref block, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            if (name.SequenceEqual(":path"u8))
                path = Encoding.ASCII.GetString(value);
        }

        if (header.StreamId <= _newest || (header.StreamId & 1) == 0 || !header.Has(FrameHeader.EndHeaders))
            Fault ??= $"stream {header.StreamId} came behind {_newest}";
        _newest = header.StreamId;
        if (header.StreamId > _last)
            return;
        string[] parts = path.Split('/'); // "", fate, id, length
        int room = Math.Max(_streamWindow, Http2Settings.DefaultWindow); // the client may not have read our settings yet
        var stream = new FickleStream(header.StreamId, parts[2], parts[1] == "hold", _clientWindow, room)
        {
            Body = FickleServer.Body(parts[2], int.Parse(parts[3], System.Globalization.CultureInfo.InvariantCulture)),
            HasTrailers = random.Next(10) == 0,
            HasRequest = header.Has(FrameHeader.EndStream),
        };
        _streams.Add(stream.Id, stream);
        if (parts[1] != "plain")
            Decide(stream);
    }

    private void TakeBody(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        _receiveRoom -= payload.Length;
        if (_receiveRoom < 0)
            Fault ??= "the client sent more than the window of the connection allows";
        if (payload.Length > 0)
            WindowUpdateFrame.Write(0, payload.Length, _output);
        _receiveRoom += payload.Length;
        if (!_streams.TryGetValue(header.StreamId, out FickleStream? stream))
            return;
        stream.ReceiveRoom -= payload.Length;
        if (stream.ReceiveRoom < 0)
            Fault ??= "the client sent more than the window of a stream allows";
        foreach (byte b in payload)
        {
            if (b != stream.Name[stream.Received++ % stream.Name.Length])
                Fault ??= $"the body of request {stream.Name} is that of another";
        }

        if (header.Has(FrameHeader.EndStream))
            stream.HasRequest = true;
        else if (payload.Length > 0)
            WindowUpdateFrame.Write(stream.Id, payload.Length, _output);
        stream.ReceiveRoom += payload.Length;
    }

    // What is to become of a request is decided when it comes; most are answered.
    private void Decide(FickleStream stream)
    {
        int chance = random.Next(1000);
        if (chance < 20)
        {
            Reset(stream, Http2ErrorCode.RefusedStream);
        }
        else if (chance < 35)
        {
            Reset(stream, Http2ErrorCode.InternalError);
        }
        else if (chance < 36)
        {
            _isCut = true;
        }
        else if (chance < 38 && _last == int.MaxValue)
        {
            SayGoodbye();
        }
        else if (chance < 60)
        {
            SettingsFrame.Write(
                [
                    (SettingId.MaxConcurrentStreams, (uint)random.Next(0, 60)),
                    (SettingId.HeaderTableSize, (uint)random.Next(0, HpackDecoder.DefaultTableSize)),
                ],
                _output);
            // A server that takes nothing for good would be no server.
            SettingsFrame.Write([(SettingId.MaxConcurrentStreams, (uint)random.Next(20, 100))], _output);
        }
        else if (chance < 80)
        {
            PingFrame.Write((ulong)chance, isAck: false, _output);
        }
        else if (chance < 120)
        {
            WriteHead(stream.Id, 0, [0x08, 3, (byte)'1', (byte)'0', (byte)'3']);
        }
    }

    private void Reset(FickleStream stream, Http2ErrorCode code)
    {
        _streams.Remove(stream.Id);
        RstStreamFrame.Write(stream.Id, code, _output);
    }

    // In two steps; the second leaves out some of what came last.
    private void SayGoodbye()
    {
        WriteGoAway(int.MaxValue);
        _last = Math.Max(1, _newest - (2 * random.Next(3)));
        WriteGoAway(_last);
        foreach (int id in _streams.Keys.Where(id => id > _last).ToArray())
            _streams.Remove(id);
    }

    private void WriteGoAway(int last)
    {
        Span<byte> frame = _output.GetSpan(FrameHeader.Size + 8);
        new FrameHeader(8, FrameType.GoAway, 0, 0).Write(frame);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame[FrameHeader.Size..], last);
        frame.Slice(FrameHeader.Size + 4, 4).Clear();
        _output.Advance(FrameHeader.Size + 8);
    }

    // In any order, piece by piece, for as long as there is room.
    private void Pump()
    {
        List<FickleStream> ready = [.. _streams.Values.Where(static s => s is { HasRequest: true, IsHeld: false })];
        while (ready.Count > 0 && !_isCut)
        {
            int chosen = random.Next(ready.Count);
            if (!TrySend(ready[chosen]))
                ready.RemoveAt(chosen);
            if (_output.WrittenCount > Patience)
                Flush();
        }

        Flush();
    }

    private void Flush()
    {
        for (ReadOnlySpan<byte> rest = _output.WrittenSpan; !rest.IsEmpty;)
            rest = rest[socket.Send(rest)..];
        _output.ResetWrittenCount();
    }

    // False when the response has ended, or has to wait.
    private bool TrySend(FickleStream stream)
    {
        if (!stream.HasHead)
        {
            stream.HasHead = true;
            // :status 200, the id, and a field that is put into the table.
            byte[] id = Encoding.ASCII.GetBytes(stream.Name);
            byte any = (byte)random.Next('a', 'z');
            WriteHead(stream.Id, 0, [0x88, 0, 2, (byte)'i', (byte)'d', (byte)id.Length, .. id, 0x40, 1, (byte)'x', 1, any]);
            return true;
        }

        int left = stream.Body.Length - stream.Sent;
        int padding = random.Next(8) == 0 ? random.Next(1, 256) : 0;
        int length = Math.Min(left, random.Next(1, 16_000));
        if (length + padding > Math.Min(stream.SendRoom, SendRoom))
            (padding, length) = (0, (int)Math.Min(length, Math.Min(stream.SendRoom, SendRoom)));
        if (left > 0 && length <= 0)
            return false;
        bool isLast = length == left && !stream.HasTrailers;
        if (left > 0 || isLast)
            WriteData(stream, length, padding, isLast);
        else
            WriteHead(stream.Id, FrameHeader.EndStream, [0, 1, (byte)'t', 1, (byte)'v']);
        if (!isLast && left > 0)
            return true;
        _streams.Remove(stream.Id);
        return false;
    }

    private void WriteData(FickleStream stream, int length, int padding, bool isLast)
    {
        int size = length + padding;
        byte flags = (byte)((isLast ? FrameHeader.EndStream : 0) | (padding > 0 ? FrameHeader.Padded : 0));
        Span<byte> frame = _output.GetSpan(FrameHeader.Size + size);
        frame[..(FrameHeader.Size + size)].Clear();
        new FrameHeader(size, FrameType.Data, flags, stream.Id).Write(frame);
        if (padding > 0)
            frame[FrameHeader.Size] = (byte)(padding - 1);
        stream.Body.AsSpan(stream.Sent, length).CopyTo(frame[(FrameHeader.Size + (padding > 0 ? 1 : 0))..]);
        _output.Advance(FrameHeader.Size + size);
        stream.Sent += length;
        stream.SendRoom -= size;
        SendRoom -= size;
    }

    private void WriteHead(int stream, byte flags, ReadOnlySpan<byte> block)
    {
        Span<byte> frame = _output.GetSpan(FrameHeader.Size + block.Length);
        new FrameHeader(block.Length, FrameType.Headers, (byte)(flags | FrameHeader.EndHeaders), stream).Write(frame);
        block.CopyTo(frame[FrameHeader.Size..]);
        _output.Advance(FrameHeader.Size + block.Length);
    }
}
