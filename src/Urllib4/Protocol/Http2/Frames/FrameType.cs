namespace Urllib4.Protocol.Http2;

/// <summary>The kinds of frames that mean something here (RFC 9113, section 6; RFC 8336; RFC 9218). All others are ignored.</summary>
internal enum FrameType : byte
{
    Data = 0x0,
    Headers = 0x1,
    Priority = 0x2,
    RstStream = 0x3,
    Settings = 0x4,
    PushPromise = 0x5,
    Ping = 0x6,
    GoAway = 0x7,
    WindowUpdate = 0x8,
    Continuation = 0x9,
    Origin = 0xc,
    PriorityUpdate = 0x10,
}
