namespace Urllib4.Protocol.Http2;

/// <summary>
/// Bounds what a server can make this side do for nothing (RFC 9113, section 10.5). Frames that bring nobody anything use up an allowance;
/// work that is done for the caller, and time, give it back.
/// </summary>
internal struct Http2Guard()
{
    /// <summary>
    /// Frames for nothing in one period, which <see cref="BeginPeriod"/> ends: as many as Go queues. At some 100 ns each they cost a
    /// millisecond; no server at work needs a tenth of them (CVE-2019-9512, 9515, 9517, 9518 and their like).
    /// </summary>
    public const int Allowance = 10_000;

    /// <summary>What a new request, or the end of a response, allows the server in PING, PRIORITY and WINDOW_UPDATE of its own.</summary>
    public const int PerExchange = 8;

    /// <summary>
    /// What a DATA frame in either direction allows: a WINDOW_UPDATE for the stream, one for the connection, and a PING or two.
    /// </summary>
    public const int PerDataFrame = 4;

    /// <summary>
    /// A SETTINGS frame is answered, and may touch the window of each stream, so it counts as ten frames: a thousand in one period.
    /// </summary>
    public const int SettingsCost = 10;

    /// <summary>
    /// A stream that this side has to reset because of the server (CVE-2025-8671, "MadeYouReset"): a thousand in one period.
    /// </summary>
    public const int StreamErrorCost = 10;

    /// <summary>
    /// Answers that wait for a server that reads none of them: 1,000 frames are at most 64 KB (CVE-2019-9512, CVE-2019-9515).
    /// </summary>
    public const int MaxUnsentAnswers = 1_000;

    /// <summary>A DATA frame with less is small: its bytes cost the server less than their handling costs us.</summary>
    public const int SmallFrame = 256;

    /// <summary>Small frames on a stream whose owner reads nothing, as in Rust's h2: so many pieces would wait for him (H2-03).</summary>
    public const int MaxSmallFrames = 25_600;

    /// <summary>
    /// How often a limit on one header list may be passed before it is no longer one request's affair but the connection's.
    /// </summary>
    public const int ExcessiveHeaders = 4;

    /// <summary>The least number of CONTINUATION frames a block may have (CVE-2023-45288 and others in 2024).</summary>
    public const int LeastContinuations = 5;

    private int _left = Allowance;
    private int _unsentAnswers;

    /// <summary>The most CONTINUATION frames of one block: a quarter more than it takes in frames of the usual size.</summary>
    public static int MaxContinuations(int maxBlock) =>
        Math.Max(LeastContinuations, (int)((long)maxBlock * 5 / 4 / FrameHeader.DefaultMaxLength));

    /// <summary>Some time has passed: the allowance begins anew.</summary>
    public void BeginPeriod() => _left = Allowance;

    /// <summary>Everything that was written has gone to the network.</summary>
    public void AnswersSent() => _unsentAnswers = 0;

    /// <summary>Something was done for a caller.</summary>
    public void Credit(int frames) => _left = Math.Min(Allowance, _left + frames);

    /// <summary>A frame came that brings nobody anything.</summary>
    /// <exception cref="Http2Exception">It was one too many.</exception>
    public void Charge(int frames = 1)
    {
        _left -= frames;
        if (_left < 0)
            throw TooMuch($"sent more than {Allowance:N0} frames that carry nothing");
    }

    /// <summary>A frame came that has to be answered.</summary>
    /// <exception cref="Http2Exception">Too many answers wait already.</exception>
    public void Answer()
    {
        if (++_unsentAnswers > MaxUnsentAnswers)
            throw TooMuch($"lets more than {MaxUnsentAnswers:N0} answers wait that it asked for and does not read");
    }

    /// <summary>The error for a limit of this kind.</summary>
    public static Http2Exception TooMuch(string what) =>
        Http2Errors.Connection(Http2ErrorCode.EnhanceYourCalm, $"{what} (RFC 9113, section 10.5)");
}
