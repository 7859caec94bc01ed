using System.Net.Http;
using Urllib4.Adapters;

namespace Urllib4;

// What is about the connections of HTTP/2 and HTTP/3. It is kept so that programs that set it run, and means nothing; a program learns of
// it by Compare. Whether HTTP/2 is spoken is said by the version and the policy of each message.
public sealed partial class UrllibHandler
{
    /// <summary>
    /// How long an HTTP/2 connection may be silent before a ping is sent. Default infinite. No effect: no such pings are sent.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than a second and not infinite.</exception>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public TimeSpan KeepAlivePingDelay
    {
        get => _settings.KeepAlivePingDelay;
        set => Settings = _settings with { KeepAlivePingDelay = HandlerChecks.AtLeastOneSecond(value) };
    }

    /// <summary>How long the answer to such a ping may take. Default 20 s. No effect: no such pings are sent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than a second and not infinite.</exception>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public TimeSpan KeepAlivePingTimeout
    {
        get => _settings.KeepAlivePingTimeout;
        set => Settings = _settings with { KeepAlivePingTimeout = HandlerChecks.AtLeastOneSecond(value) };
    }

    /// <summary>
    /// Whether idle connections are pinged too. Default <see cref="HttpKeepAlivePingPolicy.Always"/>. No effect: no such pings are sent.
    /// </summary>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public HttpKeepAlivePingPolicy KeepAlivePingPolicy
    {
        get => _settings.KeepAlivePingPolicy;
        set => Settings = _settings with { KeepAlivePingPolicy = value };
    }

    /// <summary>
    /// Whether more than one HTTP/2 connection may lead to an origin. Default false. No effect: another one is opened when the server
    /// allows no more streams.
    /// </summary>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public bool EnableMultipleHttp2Connections
    {
        get => _settings.EnableMultipleHttp2Connections;
        set => Settings = _settings with { EnableMultipleHttp2Connections = value };
    }

    /// <summary>
    /// Whether more than one HTTP/3 connection may lead to an origin. Default false. No effect: HTTP/3 is not spoken.
    /// </summary>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public bool EnableMultipleHttp3Connections
    {
        get => _settings.EnableMultipleHttp3Connections;
        set => Settings = _settings with { EnableMultipleHttp3Connections = value };
    }

    /// <summary>
    /// How many bytes of an HTTP/2 stream may be on their way unasked. Default 65,535. No effect: the window is one of the library's own.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 65,535 or more than 16,777,216.</exception>
    /// <inheritdoc cref="UseCookies" path="/exception"/>
    public int InitialHttp2StreamWindowSize
    {
        get => _settings.InitialHttp2StreamWindowSize;
        set => Settings = _settings with { InitialHttp2StreamWindowSize = HandlerChecks.WindowSize(value) };
    }
}
