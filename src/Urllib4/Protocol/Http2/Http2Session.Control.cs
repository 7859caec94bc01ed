using System.Buffers;
using Urllib4.Primitives;

namespace Urllib4.Protocol.Http2;

// Frames about streams and the connection.
internal sealed partial class Http2Session
{
    private Http2ErrorCode _goAwayCode;

    private Http2Event TakeReset(FrameHeader header, Http2ErrorCode code, IBufferWriter<byte> output)
    {
        _guard.Charge();
        if (Find(header.StreamId, StreamInput.ReceiveReset) is not { } stream)
        {
            _resets?.Remove(header.StreamId);
            return default;
        }

        bool wasComplete = stream.IsResponseComplete;
        if (!wasComplete)
            Drop(stream, output);
        Close(stream);
        if (wasComplete)
            return new Http2Event(Http2EventKind.UploadStopped, stream);
        HttpPhase phase = stream.HasFinalHead ? HttpPhase.Body : HttpPhase.Head;
        return new Http2Event(Http2EventKind.Reset, stream, Http2Errors.Reset(stream.Id, code, phase));
    }

    // Of any stream, in any state. Where there is one that can be reset for it, the others need not suffer.
    private Http2Event TakePriority(FrameHeader header, IBufferWriter<byte> output)
    {
        if (PriorityFrame.Check(header) is not { } fault)
            return default;
        return _streams.TryGetValue(header.StreamId, out Http2Stream? stream)
            ? Refuse(stream, Http2ErrorCode.FrameSizeError, fault, output)
            : throw Http2Errors.Connection(Http2ErrorCode.FrameSizeError, fault);
    }

    private Http2Event TakeSettings(FrameHeader header, ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        SettingsFrame.Check(header);
        if (header.Has(FrameHeader.Ack))
        {
            if (_unacknowledged == 0)
                throw Http2Errors.Connection(
                    Http2ErrorCode.ProtocolError, "acknowledged settings that were not sent (RFC 9113, section 6.5.3)");
            _unacknowledged--;
            return new Http2Event(Http2EventKind.SettingsAcknowledged);
        }

        _guard.Charge(Http2Guard.SettingsCost);
        _guard.Answer();
        Http2Settings settings = _peer;
        while (!payload.IsEmpty)
        {
            (SettingId id, uint value) = SettingsFrame.Next(ref payload);
            settings = settings.With(id, value);
            // Each value counts, since a size that was lower in between has emptied the table (RFC 7541, section 4.2).
            if (id is SettingId.HeaderTableSize)
                _writer.SetLimit(value);
        }

        ShiftWindows(settings.InitialWindowSize - _peer.InitialWindowSize);
        _peer = settings;
        _hasSettings = true;
        SettingsFrame.WriteAck(output);
        return new Http2Event(Http2EventKind.SettingsChanged);
    }

    // RFC 9113, section 6.9.2: the windows of all streams move with the initial one, if need be to below nothing.
    private void ShiftWindows(int by)
    {
        if (by == 0)
            return;
        foreach (Http2Stream stream in _streams.Values)
        {
            if (!stream.SendWindow.TryChange(by))
                throw Http2Errors.Connection(
                    Http2ErrorCode.FlowControlError,
                    $"raised the window of stream {stream.Id} past 2^31-1 by its settings (RFC 9113, section 6.9.2)");
        }
    }

    private Http2Event TakePing(FrameHeader header, ulong opaque, IBufferWriter<byte> output)
    {
        _guard.Charge();
        if (header.Has(FrameHeader.Ack))
            return new Http2Event(Http2EventKind.PingAcknowledged) { Ping = opaque };
        _guard.Answer();
        PingFrame.Write(opaque, isAck: true, output);
        return default;
    }

    // The first may name a number that no stream has yet, to announce the second, which names the last that was looked at.
    private Http2Event TakeGoAway(GoAwayFrame frame)
    {
        _guard.Charge();
        if (frame.LastStreamId > _lastProcessed)
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "raised the last stream in a second GOAWAY (RFC 9113, section 6.8)");
        _lastProcessed = frame.LastStreamId;
        _goAwayCode = frame.Code;
        IsClosing = true;
        foreach (Http2Stream stream in _streams.Values)
        {
            if (stream.Id > frame.LastStreamId)
                _unprocessed.Enqueue(stream);
        }

        foreach (Http2Stream stream in _unprocessed)
            Close(stream);
        return new Http2Event(Http2EventKind.GoAway, item: frame);
    }

    private Http2Event TakeWindowUpdate(FrameHeader header, int increment, IBufferWriter<byte> output)
    {
        _guard.Charge();
        if (header.StreamId == 0)
        {
            bool wasOpen = _sendWindow.Available > 0;
            if (!_sendWindow.TryChange(increment))
                throw Http2Errors.Connection(
                    Http2ErrorCode.FlowControlError, "raised the window of the connection past 2^31-1 (RFC 9113, section 6.9.1)");
            return !wasOpen && _sendWindow.Available > 0 ? new Http2Event(Http2EventKind.WindowOpened) : default;
        }

        if (Find(header.StreamId, StreamInput.ReceiveWindowUpdate) is not { } stream)
            return default;
        if (increment == 0)
            return Refuse(
                stream, Http2ErrorCode.ProtocolError, "sent WINDOW_UPDATE with an increment of 0 (RFC 9113, section 6.9)", output);
        bool had = stream.SendWindow.Available > 0;
        if (!stream.SendWindow.TryChange(increment))
            return Refuse(
                stream, Http2ErrorCode.FlowControlError, "raised the window of a stream past 2^31-1 (RFC 9113, section 6.9.1)", output);
        return !had && stream.SendWindow.Available > 0 ? new Http2Event(Http2EventKind.WindowOpened, stream) : default;
    }
}
