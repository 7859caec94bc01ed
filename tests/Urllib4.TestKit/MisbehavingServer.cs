using System.Net;
using System.Net.Sockets;

namespace Urllib4.TestKit;

/// <summary>
/// A server on a loopback socket that follows a <see cref="Dialogue"/> for each connection, however rude it is. It serves from
/// threads of its own, so it answers while a test holds every thread of the pool.
/// </summary>
public sealed class MisbehavingServer : IAsyncDisposable, IDisposable
{
    private readonly object _gate = new();
    private readonly Func<int, Dialogue?> _script;
    private readonly Socket _listener;
    private readonly List<SocketDialogue> _dialogues = [];
    private readonly List<ReceivedRequest> _requests = [];
    private readonly List<Exception> _failures = [];
    private readonly List<Exception> _handshakeFailures = [];
    private readonly List<string> _serverNames = [];
    private bool _disposed;

    private MisbehavingServer(Func<int, Dialogue?> script, VirtualTime? time, int? receiveBuffer, string? path = null)
    {
        _script = script;
        Time = time;
        _listener = path is null
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        if (receiveBuffer is { } size)
            _listener.ReceiveBufferSize = size;
        _listener.Bind(path is null ? new IPEndPoint(IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        EndPoint = _listener.LocalEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
        new Thread(Accept) { IsBackground = true, Name = "misbehaving server" }.Start();
    }

    /// <summary>The address it listens on; none for one on a Unix socket.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The port it listens on.</summary>
    public int Port => EndPoint.Port;

    /// <summary>Where it is, by address and without TLS.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Where it is, by name and with TLS.</summary>
    public string SecureUrl => $"https://localhost:{Port}";

    /// <summary>How many connections were accepted.</summary>
    public int Connections => Locked(() => _dialogues.Count);

    /// <summary>How many connections are open on this side.</summary>
    public int OpenConnections => Locked(() => _dialogues.Count(static d => d.IsOpen));

    /// <summary>The requests that were expected and came, over all connections.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => Locked(() => _requests.ToArray());

    /// <summary>The names that clients asked for in TLS handshakes (SNI); empty where they gave none.</summary>
    public IReadOnlyList<string> ServerNames => Locked(() => _serverNames.ToArray());

    /// <summary>TLS handshakes that failed: when a client refuses the certificate, for instance.</summary>
    public IReadOnlyList<Exception> HandshakeFailures => Locked(() => _handshakeFailures.ToArray());

    internal VirtualTime? Time { get; }

    /// <summary>
    /// Starts a server with a dialogue for each connection, in the order in which they are accepted. One connection more fails the test.
    /// </summary>
    public static MisbehavingServer Start(params IReadOnlyList<Dialogue> dialogues) =>
        new(n => n < dialogues.Count ? dialogues[n] : null, null, null);

    /// <summary>Starts a server on a Unix socket, which is a file at this path from then on.</summary>
    public static MisbehavingServer StartOnPath(string path, params IReadOnlyList<Dialogue> dialogues) =>
        new(n => n < dialogues.Count ? dialogues[n] : null, null, null, path);

    /// <summary>Starts a server that gets the dialogue of each connection from a function.</summary>
    /// <param name="dialogue">Gets the number of the connection, from zero; null refuses it and fails the test.</param>
    /// <param name="time">The clock of the delays; real time when left out.</param>
    /// <param name="receiveBuffer">Bytes that the system takes for a server that does not read; the system's default when left out.</param>
    public static MisbehavingServer Start(Func<int, Dialogue?> dialogue, VirtualTime? time = null, int? receiveBuffer = null) =>
        new(dialogue, time, receiveBuffer);

    /// <summary>Holds the calling thread until so many connections were accepted.</summary>
    public void WaitForConnections(int count) => WaitFor(() => _dialogues.Count >= count, $"{count} connections");

    /// <summary>Holds the calling thread until so many requests have come.</summary>
    public void WaitForRequests(int count) => WaitFor(() => _requests.Count >= count, $"{count} requests");

    /// <summary>Holds the calling thread until there was a connection and every one of them is closed on this side as well.</summary>
    public void WaitUntilAllClosed() =>
        WaitFor(() => _dialogues.Count > 0 && _dialogues.TrueForAll(static d => !d.IsOpen), "all connections to close");

    /// <summary>
    /// Asserts that every client kept to its dialogue, and that there were no connections beyond those that were scripted.
    /// </summary>
    /// <exception cref="DialogueException">It was not so.</exception>
    public void Verify()
    {
        if (Locked(() => _failures.FirstOrDefault()) is { } failure)
            throw new DialogueException(failure.Message, failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        List<SocketDialogue> dialogues;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            dialogues = [.. _dialogues];
        }

        _listener.Dispose();
        foreach (SocketDialogue dialogue in dialogues)
            dialogue.Stop();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Note(ReceivedRequest request) => Changed(() => _requests.Add(request));

    internal void Note(Exception failure) => Changed(() => _failures.Add(failure));

    internal void NoteHandshake(Exception failure) => Changed(() => _handshakeFailures.Add(failure));

    internal void NoteServerName(string name) => Changed(() => _serverNames.Add(name));

    internal void NoteClosed() => Changed(static () => { });

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            Serve(socket);
        }
    }

    private void Serve(Socket socket)
    {
        lock (_gate)
        {
            Dialogue? dialogue = _script(_dialogues.Count);
            if (dialogue is null)
                _failures.Add(new DialogueException($"Connection {_dialogues.Count} was not expected."));
            var served = new SocketDialogue(this, socket, dialogue ?? new Dialogue().Close(), _dialogues.Count);
            _dialogues.Add(served);
            Monitor.PulseAll(_gate);
            if (_disposed)
                served.Stop();
            else
                new Thread(served.Run) { IsBackground = true, Name = "misbehaving connection" }.Start();
        }
    }

    private T Locked<T>(Func<T> get)
    {
        lock (_gate)
            return get();
    }

    private void Changed(Action change)
    {
        lock (_gate)
        {
            change();
            Monitor.PulseAll(_gate);
        }
    }

    private void WaitFor(Func<bool> condition, string what)
    {
        lock (_gate)
            Guard.WaitUntil(_gate, condition, null, () => what);
    }
}
