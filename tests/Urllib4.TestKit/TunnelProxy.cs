using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Urllib4.TestKit;

/// <summary>
/// A proxy on a loopback socket that opens tunnels, and tells by the first byte how it is asked: by CONNECT, SOCKS 4, 4a or 5. It sends
/// nothing on by itself; to be asked in absolute form, a <see cref="HttpBinServer"/> will do.
/// </summary>
public sealed class TunnelProxy : IAsyncDisposable, IDisposable
{
    private readonly object _gate = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<string, int, IPEndPoint?> _way;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly List<string> _requests = [];
    private readonly List<string> _heads = [];
    private readonly HashSet<Socket> _open = [];
    private int _connections;
    private bool _disposed;

    private TunnelProxy(Func<string, int, IPEndPoint?> way, SslServerAuthenticationOptions? tls, (string User, string Password)? user)
    {
        _way = way;
        _tls = tls;
        User = user;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = Accept();
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>How many connections were accepted.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many connections to clients are open.</summary>
    public int OpenConnections => Locked(() => _open.Count);

    /// <summary>
    /// What was asked for, such as <c>CONNECT localhost:443</c>, <c>SOCKS5 name:80</c> or <c>SOCKS4 127.0.0.1:80 by alice</c>.
    /// </summary>
    public IReadOnlyList<string> Requests => Locked(() => _requests.ToArray());

    /// <summary>The heads of the CONNECT requests as they came.</summary>
    public IReadOnlyList<string> Heads => Locked(() => _heads.ToArray());

    /// <summary>Who is let through by SOCKS 5, in place of everybody.</summary>
    public (string User, string Password)? User { get; }

    /// <summary>Starts a proxy that leads everything to one place.</summary>
    public static TunnelProxy Start(
        int port, IssuedCertificate? certificate = null, (string User, string Password)? user = null) =>
        Start((_, _) => new IPEndPoint(IPAddress.Loopback, port), certificate?.ServerOptions(), user);

    /// <summary>Starts a proxy.</summary>
    /// <param name="way">Where a host and port are; null refuses.</param>
    /// <param name="tls">With these options its clients have to speak TLS with it.</param>
    /// <param name="user">Who is let through by SOCKS 5; everybody when left out.</param>
    public static TunnelProxy Start(
        Func<string, int, IPEndPoint?> way, SslServerAuthenticationOptions? tls = null, (string User, string Password)? user = null) =>
        new(way, tls, user);

    /// <summary>Where it is, as the URL of a proxy of this kind.</summary>
    public string Url(string scheme) => $"{scheme}://{(scheme == "https" ? "localhost" : "127.0.0.1")}:{Port}";

    /// <summary>Holds the calling thread until no more than so many connections are open.</summary>
    public void WaitForOpenConnections(int count)
    {
        lock (_gate)
            Guard.WaitUntil(_gate, () => _open.Count <= count, null, () => $"no more than {count} open connections");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Socket[] open;
        lock (_gate)
        {
            _disposed = true;
            open = [.. _open];
        }

        _listener.Dispose();
        Array.ForEach(open, static s => s.Dispose());
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Serve(Socket client)
    {
        client.NoDelay = true;
        lock (_gate)
        {
            _connections++;
            if (_disposed)
                client.Dispose();
            _open.Add(client);
        }

        try
        {
            await using var network = new NetworkStream(client, ownsSocket: false);
            await using var tls = _tls is null ? null : new SslStream(network, leaveInnerStreamOpen: true);
            if (tls is not null)
                await tls.AuthenticateAsServerAsync(_tls!);
            Stream stream = tls ?? (Stream)network;
            if (await Ask(stream) is { } end)
                await Relay(stream, end);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException)
        {
            // The client is gone, or did not like what it saw.
        }

        client.Dispose();
        lock (_gate)
        {
            _open.Remove(client);
            Monitor.PulseAll(_gate);
        }
    }

    private static async Task Relay(Stream client, IPEndPoint end)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await server.ConnectAsync(end);
        await using var far = new NetworkStream(server, ownsSocket: false);
        Task[] ways = [client.CopyToAsync(far), far.CopyToAsync(client)];
        // When one side has ended, the other one is cut off, and how that ends is nobody's concern.
        foreach (Task way in ways)
            _ = way.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
        await Task.WhenAny(ways);
    }

    private async Task<IPEndPoint?> Ask(Stream stream)
    {
        byte first = (await Read(stream, 1))[0];
        return first switch
        {
            4 => await AskSocks4(stream),
            5 => await AskSocks5(stream),
            _ => await AskConnect(stream, (char)first),
        };
    }

    private async Task<IPEndPoint?> AskConnect(Stream stream, char first)
    {
        var head = new StringBuilder().Append(first);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append((char)(await Read(stream, 1))[0]);
        Locked(() => _heads.Add(head.ToString()));
        string[] words = head.ToString().Split(' ', 3);
        int colon = words[1].LastIndexOf(':');
        IPEndPoint? end = Note($"{words[0]} {words[1]}", words[1][..colon], words[1][(colon + 1)..]);
        await Write(stream, Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {(end is null ? "403 Forbidden\r\nContent-Length: 0" : "200 Connection established")}\r\n\r\n"));
        return end;
    }

    private async Task<IPEndPoint?> AskSocks4(Stream stream)
    {
        byte[] request = await Read(stream, 7);
        string user = await ReadToZero(stream);
        bool isNamed = request[3..6] is [0, 0, 0] && request[6] != 0;
        string host = isNamed ? await ReadToZero(stream) : new IPAddress(request[3..7]).ToString();
        string by = user.Length == 0 ? "" : $" by {user}";
        IPEndPoint? end = Note(isNamed ? "SOCKS4a" : "SOCKS4", host, PortOf(request.AsSpan(1, 2)), by);
        await Write(stream, [0, (byte)(end is null ? 0x5B : 0x5A), 0, 0, 0, 0, 0, 0]);
        return end;
    }

    private async Task<IPEndPoint?> AskSocks5(Stream stream)
    {
        byte[] methods = await Read(stream, (await Read(stream, 1))[0]);
        byte wanted = (byte)(User is null ? 0 : 2);
        bool isOffered = methods.Contains(wanted);
        await Write(stream, [5, isOffered ? wanted : (byte)0xFF]);
        if (!isOffered || (User is not null && !await LogsIn(stream)))
            return null;
        byte[] request = await Read(stream, 4);
        string host = request[3] switch
        {
            1 => new IPAddress(await Read(stream, 4)).ToString(),
            4 => new IPAddress(await Read(stream, 16)).ToString(),
            _ => Encoding.ASCII.GetString(await Read(stream, (await Read(stream, 1))[0])),
        };
        IPEndPoint? end = Note("SOCKS5", host, PortOf(await Read(stream, 2)));
        await Write(stream, [5, (byte)(end is null ? 2 : 0), 0, 1, 0, 0, 0, 0, 0, 0]);
        return end;
    }

    private async Task<bool> LogsIn(Stream stream)
    {
        await Read(stream, 1);
        string user = Encoding.UTF8.GetString(await Read(stream, (await Read(stream, 1))[0]));
        string password = Encoding.UTF8.GetString(await Read(stream, (await Read(stream, 1))[0]));
        bool isKnown = (user, password) == User;
        await Write(stream, [1, (byte)(isKnown ? 0 : 1)]);
        return isKnown;
    }

    private IPEndPoint? Note(string how, string host, string port, string by = "")
    {
        Locked(() => _requests.Add(how.StartsWith("SOCKS", StringComparison.Ordinal) ? $"{how} {host}:{port}{by}" : how));
        return _way(host, int.Parse(port, NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private static string PortOf(ReadOnlySpan<byte> bytes) => ((bytes[0] << 8) | bytes[1]).ToString(CultureInfo.InvariantCulture);

    private static async Task<byte[]> Read(Stream stream, int count)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static async Task<string> ReadToZero(Stream stream)
    {
        var text = new StringBuilder();
        while ((await Read(stream, 1))[0] is var b and not 0)
            text.Append((char)b);
        return text.ToString();
    }

    private static Task Write(Stream stream, byte[] bytes) => stream.WriteAsync(bytes).AsTask();

    private T Locked<T>(Func<T> get)
    {
        lock (_gate)
            return get();
    }

    private void Locked(Action change)
    {
        lock (_gate)
            change();
    }
}
