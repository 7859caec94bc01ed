using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Protocol.Socks;

/// <summary>SOCKS4, for IPv4 addresses, and its extension 4a, with which the proxy resolves the name. One request, one reply.</summary>
internal sealed class Socks4Handshake : SocksHandshake
{
    private const byte Version = 4;
    private const byte Connect = 1;
    private const int ReplyLength = 8;
    private const byte Granted = 0x5A;
    private const byte RejectedOrFailed = 0x5B;

    // 4a: an address 0.0.0.x other than 0.0.0.0 says that the name follows.
    private static readonly IPAddress _seeName = new([0, 0, 0, 1]);

    private readonly byte[] _request;

    /// <summary>Asks for an address (SOCKS4).</summary>
    /// <exception cref="InvalidRequestException">It is not an IPv4 address, or the user name cannot be sent.</exception>
    public Socks4Handshake(IPEndPoint destination, string user = "")
        : base("SOCKS4", destination.ToString()) =>
        _request = Request(destination.Address, null, destination.Port, user);

    /// <summary>Asks for a host, which the proxy resolves if it is a name (SOCKS4a).</summary>
    /// <exception cref="InvalidRequestException">It is an IPv6 address, or host or user name cannot be sent.</exception>
    public Socks4Handshake(HostName host, int port, string user = "")
        : base("SOCKS4", string.Create(CultureInfo.InvariantCulture, $"{host.HeaderName}:{port}"))
    {
        string name = NameOf(host);
        _request = host.IsAddress ? Request(IPAddress.Parse(name), null, port, user) : Request(_seeName, name, port, user);
    }

    public override void Begin(IBufferWriter<byte> output) => output.Write(_request);

    public override SocksStep Receive(ReadOnlySpan<byte> input, out int consumed, IBufferWriter<byte> output)
    {
        consumed = 0;
        if (input is [not 0, ..])
            throw WrongVersion(input[0]);
        if (input.Length >= 2 && input[1] != Granted)
        {
            CannotReach = input[1] == RejectedOrFailed;
            throw Failure(Sentence(input[1]));
        }

        if (input.Length < ReplyLength)
            return SocksStep.NeedMore;
        consumed = ReplyLength;
        return SocksStep.Done;
    }

    private static byte[] Request(IPAddress address, string? name, int port, string user)
    {
        if (address.AddressFamily != AddressFamily.InterNetwork)
            throw new InvalidRequestException($"SOCKS4 knows no IPv6, so {address} cannot be reached through it; SOCKS5 can do it.");
        Span<byte> octets = stackalloc byte[4];
        address.TryWriteBytes(octets, out _);
        if (name is null && octets is [0, 0, 0, not 0])
            throw new InvalidRequestException($"SOCKS4 cannot ask for {address}: such an address announces a name there.");
        byte[] userBytes = Text(user, "user name");
        byte[] nameBytes = name is null ? [] : [.. Text(name, "host"), 0];
        byte[] head = [Version, Connect, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)port);
        return [.. head, .. octets, .. userBytes, 0, .. nameBytes];
    }

    // A NUL ends the text for the proxy, and what follows would be read as the next field.
    private static byte[] Text(string text, string what)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length > MaxText
            ? throw new InvalidRequestException($"The {what} for the SOCKS4 proxy has {bytes.Length} bytes; {MaxText} are allowed.")
            : bytes.Contains((byte)0)
            ? throw new InvalidRequestException($"The {what} for the SOCKS4 proxy holds a NUL.")
            : bytes;
    }

    private static string Sentence(byte code) => code switch
    {
        RejectedOrFailed => "it rejected the request, or the connection failed (code 0x5b)",
        0x5C => "it could not ask the identd of this machine who the user is (code 0x5c)",
        0x5D => "the identd of this machine names another user than the request (code 0x5d)",
        _ => $"it answered with the unknown code 0x{code:x2}",
    };
}
