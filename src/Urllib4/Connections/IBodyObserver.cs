namespace Urllib4.Connections;

/// <summary>Who made the call, seen from below: is told how the body ended, which may be long after the call has returned.</summary>
internal interface IBodyObserver
{
    /// <summary>The story of the call, if somebody wants to know it.</summary>
    ExchangeReport? Report { get; }

    /// <summary>There is a body, and it is going to be read.</summary>
    void BodyBegan();

    /// <summary>A part of the body was read.</summary>
    void BodyRead(ReadOnlySpan<byte> part);

    /// <summary>The body ended, or was given up.</summary>
    void BodyEnded(ExchangeHandle exchange);

    /// <summary>The body broke off: completes the error with what is known of the call.</summary>
    void BodyFailed(HttpException error, ExchangeHandle exchange);
}
