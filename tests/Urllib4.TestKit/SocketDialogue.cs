using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Urllib4.TestKit;

/// <summary>
/// One connection of a <see cref="MisbehavingServer"/>: follows its dialogue with blocking calls, on a thread of its own.
/// </summary>
internal sealed class SocketDialogue(MisbehavingServer server, Socket socket, Dialogue dialogue, int number)
{
    private readonly Gate _stop = new();
    private readonly Expectations _client = new(number);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly NetworkStream _network = new(socket, ownsSocket: false);
    private Stream? _stream;
    private int _closed;

    public bool IsOpen => Volatile.Read(ref _closed) == 0;

    private Stream Stream => _stream ?? _network;

    public void Run()
    {
        try
        {
            if (socket.ProtocolType == ProtocolType.Tcp)
                socket.NoDelay = true;
            for (int index = 0; index >= 0 && index < dialogue.Steps.Count; index = Next(index))
                continue;
            if (IsOpen)
                Listen();
        }
        catch (DialogueException e)
        {
            server.Note(e);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The client is gone. What it should have heard before it left is for the test to say.
        }
        catch (AuthenticationException e)
        {
            server.NoteHandshake(e);
        }

        Close();
    }

    public void Stop()
    {
        _stop.Open();
        Close();
    }

    /// <summary>Does one line.</summary>
    /// <returns>The line to go on with, or a negative number when the client closed where that is good manners.</returns>
    private int Next(int index)
    {
        switch (dialogue.Steps[index])
        {
            case Step.Send send:
                Stream.Write(send.Piece);
                break;
            case Step.Respond respond:
                Stream.Write(respond.Answer(_client.Current));
                break;
            case Step.SendForever forever:
                while (IsOpen)
                    Stream.Write(forever.Piece);
                break;
            case Step.Delay delay:
                Wait(delay.Time);
                break;
            case Step.Open open:
                open.Gate.Open();
                break;
            case Step.WaitFor wait:
                Wait(wait.Gate);
                break;
            case Step.Stall:
                Wait(_stop);
                break;
            case Step.TakeAtMost take:
                TakeAtMost(take);
                break;
            case Step.StartTls tls:
                StartTls(tls.Options);
                break;
            case Step.GoTo go:
                return go.Index;
            case Step.ExpectEof:
                return Fill() ? throw new DialogueException("The client spoke where it should have closed.") : index + 1;
            case Step.Eof or Step.Cut or Step.Close or Step.Reset:
                End(dialogue.Steps[index]);
                break;
            case var expectation:
                while (!_client.TryMeet(expectation, server.Note))
                {
                    if (!Fill())
                        return -1;
                }

                break;
        }

        return index + 1;
    }

    private void End(Step how)
    {
        if (how is Step.Eof or Step.Close && Stream is SslStream tls)
            Blocking(tls.ShutdownAsync());
        if (how is Step.Eof or Step.Cut)
        {
            socket.Shutdown(SocketShutdown.Send);
            return;
        }

        Close(how is Step.Reset);
    }

    private bool Fill()
    {
        int read = Stream.Read(_buffer);
        _client.Received.Append(_buffer.AsSpan(0, read));
        return read > 0;
    }

    // After the last line: silent, but listening, so that a client that closes is noticed.
    private void Listen()
    {
        if (_client.Received.Unread.Length > 0 || Fill())
            throw new DialogueException($"After the end of the dialogue the client sent more on connection {number}.");
    }

    private void TakeAtMost(Step.TakeAtMost take)
    {
        int end = _client.Received.Unread.Length + take.Bytes;
        while (_client.Received.Unread.Length < end && Fill())
            continue;
        if (take.ThenFail)
            End(new Step.Reset());
        else
            Wait(_stop);
    }

    private void StartTls(SslServerAuthenticationOptions options)
    {
        var tls = new SslStream(Stream, leaveInnerStreamOpen: true); // over another one, behind a proxy with TLS
        tls.AuthenticateAsServer(options);
        server.NoteServerName(tls.TargetHostName);
        _stream = tls;
    }

    private void Wait(TimeSpan delay)
    {
        if (server.Time is not { } time)
        {
            _stop.WaitAtMost(delay);
            return;
        }

        var over = new Gate();
        using ITimer timer = time.CreateTimer(static g => ((Gate)g!).Open(), over, delay, Timeout.InfiniteTimeSpan);
        Wait(over);
    }

    private void Wait(Gate gate)
    {
        var either = new Gate();
        gate.WhenOpen(either.Open);
        _stop.WhenOpen(either.Open);
        either.WaitAtMost(Timeout.InfiniteTimeSpan);
    }

    private void Close(bool reset = false)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        try
        {
            // Disposing alone resets a connection on which a read is under way.
            if (reset)
                socket.LingerState = new LingerOption(true, 0);
            else
                socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The client has reset it already.
        }

        socket.Dispose();
        server.NoteClosed();
    }

    // This spelling has no blocking twin, and this thread has nothing else to do.
    private static void Blocking(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
}
