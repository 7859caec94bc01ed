using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Protocol.Socks;

/// <summary>SOCKS5 (RFC 1928) with no authentication or with user name and password (RFC 1929).</summary>
internal sealed class Socks5Handshake : SocksHandshake
{
    private const byte Version = 5;
    private const byte LoginVersion = 1;
    private const byte Connect = 1;
    private const byte NoAuthentication = 0;
    private const byte UserAndPassword = 2;
    private const byte NoAcceptableMethod = 0xFF;
    private const byte IPv4 = 1;
    private const byte Name = 3;
    private const byte IPv6 = 4;

    private readonly byte[]? _login;
    private readonly byte[] _request;
    private Stage _stage;

    /// <summary>Asks for an address that was resolved here (<c>socks5</c>).</summary>
    /// <exception cref="InvalidRequestException">The credential cannot be sent.</exception>
    public Socks5Handshake(IPEndPoint destination, Credential? credential = null)
        : base("SOCKS5", destination.ToString())
    {
        _login = Login(credential);
        _request = Request(AddressOf(destination.Address), destination.Port);
    }

    /// <summary>Asks for a host, which the proxy resolves if it is a name (<c>socks5h</c>).</summary>
    /// <exception cref="InvalidRequestException">The host or the credential cannot be sent.</exception>
    public Socks5Handshake(HostName host, int port, Credential? credential = null)
        : base("SOCKS5", string.Create(CultureInfo.InvariantCulture, $"{host.HeaderName}:{port}"))
    {
        string name = NameOf(host);
        _login = Login(credential);
        byte[] address = host.IsAddress
            ? AddressOf(IPAddress.Parse(name))
            : [Name, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)];
        _request = Request(address, port);
    }

    private enum Stage : byte
    {
        Method,
        Login,
        Reply,
        Done,
    }

    public override void Begin(IBufferWriter<byte> output) =>
        output.Write(_login is null ? [Version, 1, NoAuthentication] : [Version, 2, NoAuthentication, UserAndPassword]);

    public override SocksStep Receive(ReadOnlySpan<byte> input, out int consumed, IBufferWriter<byte> output)
    {
        consumed = 0;
        if (input.IsEmpty)
            return SocksStep.NeedMore;
        // Looked at before the rest has come: a server of another protocol may never send a second byte.
        if (input[0] != (_stage is Stage.Login ? LoginVersion : Version))
            throw WrongVersion(input[0]);
        if (input.Length < 2)
            return SocksStep.NeedMore;
        switch (_stage)
        {
            case Stage.Method:
                consumed = 2;
                TakeMethod(input[1], output);
                return SocksStep.SendMore;
            case Stage.Login:
                consumed = 2;
                if (input[1] != 0)
                    throw Failure($"it refused the user name and password (status 0x{input[1]:x2})");
                Ask(output);
                return SocksStep.SendMore;
            case Stage.Reply:
                return TakeReply(input, out consumed);
            default:
                throw new UnreachableException("The handshake is over.");
        }
    }

    private void TakeMethod(byte method, IBufferWriter<byte> output)
    {
        switch (method)
        {
            case NoAuthentication:
                Ask(output);
                break;
            case UserAndPassword when _login is not null:
                output.Write(_login);
                _stage = Stage.Login;
                break;
            case NoAcceptableMethod when _login is null:
                throw Failure("it wants authentication, and there are no credentials for it");
            case NoAcceptableMethod:
                throw Failure("it accepts neither a user name with a password nor no authentication");
            default:
                throw Failure($"it chose the authentication method 0x{method:x2}, which was not offered");
        }
    }

    private void Ask(IBufferWriter<byte> output)
    {
        output.Write(_request);
        _stage = Stage.Reply;
    }

    private SocksStep TakeReply(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        // Some proxies close right after the code, so the rest of a refusal is not waited for.
        if (input[1] != 0)
        {
            CannotReach = input[1] is 1 or 3 or 4 or 5 or 6 or 8;
            throw Failure(Sentence(input[1]));
        }

        if (input.Length < 5)
            return SocksStep.NeedMore;
        // The bound address is of no use for CONNECT; only its length matters. The reserved third byte means nothing.
        int length = input[3] switch
        {
            IPv4 => 4 + 4 + 2,
            Name => 4 + 1 + input[4] + 2,
            IPv6 => 4 + 16 + 2,
            _ => throw Failure($"its answer holds an address of the unknown type 0x{input[3]:x2}"),
        };
        if (input.Length < length)
            return SocksStep.NeedMore;
        consumed = length;
        _stage = Stage.Done;
        return SocksStep.Done;
    }

    private static byte[] Request(ReadOnlySpan<byte> address, int port)
    {
        byte[] request = [Version, Connect, 0, .. address, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(request.Length - 2), (ushort)port);
        return request;
    }

    private static byte[] AddressOf(IPAddress address)
    {
        byte[] octets = address.GetAddressBytes();
        return [octets.Length == 4 ? IPv4 : IPv6, .. octets];
    }

    private static byte[]? Login(Credential? credential)
    {
        if (credential is null)
            return null;
        byte[] user = Text(credential.User, "user name");
        byte[] password = Text(credential.Password, "password");
        return [LoginVersion, (byte)user.Length, .. user, (byte)password.Length, .. password];
    }

    private static byte[] Text(string text, string what)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length is > 0 and <= MaxText ? bytes : throw new InvalidRequestException(
            $"The {what} for the SOCKS5 proxy has {bytes.Length} bytes; 1 to {MaxText} are allowed (RFC 1929, section 2).");
    }

    private static string Sentence(byte code) => code switch
    {
        1 => "it had a failure that it does not name (code 1)",
        2 => "its rules do not allow the connection (code 2)",
        3 => "the network is unreachable from there (code 3)",
        4 => "the host is unreachable from there (code 4)",
        5 => "the destination refused the connection (code 5)",
        6 => "the time to live of a packet expired on the way from there (code 6)",
        7 => "it does not know the command CONNECT (code 7)",
        8 => "it does not know addresses of this type (code 8)",
        _ => $"it answered with the unknown code {code}",
    };
}
