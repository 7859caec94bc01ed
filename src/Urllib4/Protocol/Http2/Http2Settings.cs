namespace Urllib4.Protocol.Http2;

/// <summary>What one side has said about itself (RFC 9113, section 6.5.2), and the values that hold until it does.</summary>
internal readonly record struct Http2Settings
{
    /// <summary>The window of a stream of a side that has said nothing, and always that of the connection at its beginning.</summary>
    public const int DefaultWindow = 65_535;

    /// <summary>
    /// Streams that are opened before the server has said how many it takes: what RFC 9113, section 6.5.2, recommends as its least.
    /// </summary>
    public const int StreamsBeforeSettings = 100;

    public Http2Settings()
    {
    }

    /// <summary>The largest dynamic table for header fields that it takes.</summary>
    public uint HeaderTableSize { get; init; } = 4096;

    /// <summary>How many streams may be open at once; null as long as it has not said.</summary>
    public uint? MaxConcurrentStreams { get; init; }

    /// <summary>How much of a body each new stream may carry before there is more room.</summary>
    public int InitialWindowSize { get; init; } = DefaultWindow;

    /// <summary>The longest payload of a frame.</summary>
    public int MaxFrameSize { get; init; } = FrameHeader.DefaultMaxLength;

    /// <summary>The largest header list; a wish, not a rule.</summary>
    public uint MaxHeaderListSize { get; init; } = uint.MaxValue;

    /// <summary>Whether CONNECT may name a protocol (RFC 8441).</summary>
    public bool EnablesConnectProtocol { get; init; }

    /// <summary>These settings with one value of a server changed.</summary>
    /// <exception cref="Http2Exception">The value is outside what the setting may have.</exception>
    public Http2Settings With(SettingId id, uint value)
    {
        switch (id)
        {
            case SettingId.HeaderTableSize:
                return this with { HeaderTableSize = value };
            case SettingId.EnablePush when value != 0:
                throw Fault("enables push, which only clients may", value);
            case SettingId.MaxConcurrentStreams:
                return this with { MaxConcurrentStreams = value };
            case SettingId.InitialWindowSize when value > int.MaxValue:
                throw Http2Errors.Connection(
                    Http2ErrorCode.FlowControlError, $"set SETTINGS_INITIAL_WINDOW_SIZE to {value}, past 2^31-1 (RFC 9113, section 6.5.2)");
            case SettingId.InitialWindowSize:
                return this with { InitialWindowSize = (int)value };
            case SettingId.MaxFrameSize when value is < FrameHeader.DefaultMaxLength or > FrameHeader.GreatestMaxLength:
                throw Fault("set SETTINGS_MAX_FRAME_SIZE outside 2^14 to 2^24-1", value);
            case SettingId.MaxFrameSize:
                return this with { MaxFrameSize = (int)value };
            case SettingId.MaxHeaderListSize:
                return this with { MaxHeaderListSize = value };
            case SettingId.EnableConnectProtocol when value > 1 || (value == 0 && EnablesConnectProtocol):
                throw Fault("set SETTINGS_ENABLE_CONNECT_PROTOCOL to more than 1, or back to 0 (RFC 8441, section 3)", value);
            case SettingId.EnableConnectProtocol:
                return this with { EnablesConnectProtocol = value == 1 };
            case SettingId.NoRfc7540Priorities when value > 1:
                throw Fault("set SETTINGS_NO_RFC7540_PRIORITIES to more than 1 (RFC 9218, section 2.1)", value);
            default:
                return this; // what is not known is ignored
        }
    }

    private static Http2Exception Fault(string rule, uint value) =>
        Http2Errors.Connection(Http2ErrorCode.ProtocolError, $"{rule}: {value} (RFC 9113, section 6.5.2)");
}

/// <summary>The settings that mean something here.</summary>
internal enum SettingId : ushort
{
    HeaderTableSize = 0x1,
    EnablePush = 0x2,
    MaxConcurrentStreams = 0x3,
    InitialWindowSize = 0x4,
    MaxFrameSize = 0x5,
    MaxHeaderListSize = 0x6,
    EnableConnectProtocol = 0x8,
    NoRfc7540Priorities = 0x9,
}
