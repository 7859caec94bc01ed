using System.Buffers;
using Urllib4.Primitives;

namespace Urllib4.Protocol.Socks;

/// <summary>What a handshake wants next.</summary>
internal enum SocksStep : byte
{
    /// <summary>The message is not complete; nothing of it was consumed, so it has to be shown again, with more.</summary>
    NeedMore,

    /// <summary>A message was understood; what was written has to be sent, then what the proxy answers received.</summary>
    SendMore,

    /// <summary>The connection leads to the destination. Every byte that was not consumed came from there.</summary>
    Done,
}

/// <summary>
/// One side of a SOCKS handshake without the socket: <see cref="Begin"/>, send, then <see cref="Receive"/> until it is done. It can be
/// used once. Everything that cannot be said in the protocol is refused by the constructors, before anything is dialed.
/// </summary>
internal abstract class SocksHandshake(string version, string destination)
{
    /// <summary>The longest text that a length of one byte can announce; SOCKS4, which has no lengths, is held to the same.</summary>
    protected const int MaxText = 255;

    /// <summary>What messages call the proxy, at the beginning of a sentence.</summary>
    public string Proxy { get; init; } = $"The {version} proxy";

    /// <summary>Whether the proxy has answered that it cannot reach the destination, so that another address of the host may do.</summary>
    public bool CannotReach { get; protected set; }

    /// <summary>Writes the first message.</summary>
    public abstract void Begin(IBufferWriter<byte> output);

    /// <summary>Takes at most one message of the proxy.</summary>
    /// <param name="input">What has arrived and was not consumed yet.</param>
    /// <param name="consumed">How much of it is done with.</param>
    /// <param name="output">Takes what has to be sent.</param>
    /// <exception cref="ProxyException">The proxy refused, or does not speak the protocol. The connection has to be closed.</exception>
    public abstract SocksStep Receive(ReadOnlySpan<byte> input, out int consumed, IBufferWriter<byte> output);

    /// <summary>The host as the proxy has to see it; the final dot is for our own resolver only.</summary>
    protected static string NameOf(HostName host) =>
        host.Name.Length <= MaxText ? host.Name : throw new InvalidRequestException(
            $"A SOCKS proxy can be asked for a host of {MaxText} bytes at most; this one has {host.Name.Length}.");

    protected ProxyException Failure(string reason) => new($"{Proxy} did not connect to {destination}: {reason}.");

    protected ProxyException WrongVersion(byte version) =>
        Failure($"its answer begins with 0x{version:x2}, so it does not seem to speak the protocol");
}
