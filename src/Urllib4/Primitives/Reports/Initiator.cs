namespace Urllib4;

/// <summary>Whose doing an error is.</summary>
public enum Initiator
{
    /// <summary>This side: the arguments, the options, or the caller's own body or callback.</summary>
    Us,

    /// <summary>The server: it broke a rule, refused, or closed.</summary>
    Server,

    /// <summary>The way between: the resolver, the route, a reset, silence.</summary>
    Network,

    /// <summary>The proxy on the way.</summary>
    Proxy,
}
