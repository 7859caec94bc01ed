using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Urllib4.Benchmarks;

/// <summary>The floor: prebuilt bytes through one socket, over TLS if need be, and the answer taken as it comes.</summary>
internal sealed class SocketContender : Contender
{
    private const int BufferLength = 256 * 1024;

    private static readonly byte[] _lastChunk = "0\r\n\r\n"u8.ToArray();

    // The same object each time, or no session would be resumed by some versions.
    private static readonly SslClientAuthenticationOptions _tlsOptions = new() { TargetHost = "localhost" };

    private readonly byte[] _request;
    private readonly byte[] _buffer;
    private Socket? _socket;
    private SslStream? _tls;

    public SocketContender(Target target)
        : base(target)
    {
        bool isUpload = Work.Deed == Deed.Upload;
        var text = new StringBuilder($"{(isUpload ? "POST" : "GET")} {Work.Path} HTTP/1.1\r\nHost: {target.Host}\r\n");
        foreach ((string name, string value) in target.Headers)
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        if (isUpload)
            text.Append("Content-Length: ").Append(Work.Payload).Append("\r\n");
        _request = Encoding.ASCII.GetBytes(text.Append("\r\n").ToString());
        _buffer = new byte[Work.Deed == Deed.Stream ? Work.ReadLength : BufferLength];
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask OwnAsync()
    {
        Connect();
        await _socket!.SendAsync(_request);
        int length = 0;
        int bodyStart = 0;
        while (IsIncomplete(length, bodyStart))
        {
            length += await _socket.ReceiveAsync(_buffer.AsMemory(length));
            bodyStart = BodyStart(length);
        }

        CheckHeld(length, bodyStart);
    }

    public override void Dispose()
    {
        _tls?.Dispose();
        _socket?.Dispose();
        _socket = null;
    }

    protected override void Own()
    {
        SendHead();
        int length = 0;
        int bodyStart = 0;
        while (IsIncomplete(length, bodyStart))
        {
            length += Receive(_buffer.AsSpan(length));
            bodyStart = BodyStart(length);
        }

        CheckHeld(length, bodyStart);
        if (Work.IsOneShot)
            Dispose();
    }

    protected override long Stream() => ReceiveBody(static (_, _, _) => { }, null);

    protected override long Save()
    {
        using FileStream file = new(Target.File, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        return ReceiveBody(static (file, buffer, count) => file!.Write(buffer, 0, count), file);
    }

    protected override void Upload()
    {
        SendHead();
        using FileStream file = new(Target.File, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        while (file.Read(_buffer) is > 0 and int count)
            _socket!.Send(_buffer.AsSpan(0, count));
        Receive(_buffer);
        CheckStatus(Status(_buffer));
    }

    private long ReceiveBody(Action<FileStream?, byte[], int> take, FileStream? file)
    {
        SendHead();
        int length = Receive(_buffer);
        CheckStatus(Status(_buffer));
        int bodyStart = BodyStart(length);
        bool isChunked = _buffer.AsSpan(0, bodyStart).IndexOf("Transfer-Encoding"u8) >= 0;
        length -= bodyStart;
        _buffer.AsSpan(bodyStart, length).CopyTo(_buffer);
        take(file, _buffer, length);
        long total = length;
        while (isChunked ? !_buffer.AsSpan(0, length).EndsWith(_lastChunk) : total < Work.Payload)
        {
            length = Receive(_buffer);
            take(file, _buffer, length);
            total += length;
        }

        // The framing is not taken out, which is what makes this the floor.
        return isChunked ? Work.Payload : total;
    }

    private void SendHead()
    {
        Connect();
        if (_tls is { } tls)
            tls.Write(_request);
        else
            _socket!.Send(_request);
    }

    private int Receive(Span<byte> buffer)
    {
        int count = _tls is { } tls ? tls.Read(buffer) : _socket!.Receive(buffer);
        return count > 0 ? count : throw new EndOfStreamException();
    }

    private void Connect()
    {
        if (_socket is not null)
            return;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, Target.Port);
        if (!Work.IsTls)
            return;
        _tls = new SslStream(new NetworkStream(_socket));
        _tls.AuthenticateAsClient(_tlsOptions);
    }

    private static bool IsIncomplete(int length, int bodyStart) => bodyStart < 4 || length < bodyStart + Responder.Body.Length;

    private int BodyStart(int length) => _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) + "\r\n\r\n"u8.Length;

    private static int Status(ReadOnlySpan<byte> response) => response.StartsWith("HTTP/1.1 200"u8) ? 200 : 0;

    private void CheckHeld(int length, int bodyStart)
    {
        ReadOnlySpan<byte> head = _buffer.AsSpan(0, bodyStart);
        Check(
            Status(head),
            head.IndexOf("Cache-Control: max-age=60\r\n"u8) > 0 ? "max-age=60" : null,
            head.IndexOf("X-Resumed: r\r\n"u8) > 0 ? "r" : null,
            _buffer[bodyStart..length]);
    }
}
