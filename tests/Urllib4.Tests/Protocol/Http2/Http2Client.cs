using System.Buffers;
using System.Text;
using Urllib4.Protocol;
using Urllib4.Protocol.Hpack;
using Urllib4.Protocol.Http2;

namespace Urllib4.Tests.Protocol.Http2;

/// <summary>A session that was begun, with what it wrote and what it told, both as text.</summary>
internal sealed class Http2Client
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly HpackDecoder _decoder = new();
    private readonly List<string> _events = [];
    private int _dataStream;

    public Http2Client(Http2SessionOptions? options = null, bool begin = true)
    {
        Session = new Http2Session(options ?? new());
        Session.Start(_output);
        if (!begin)
            return;
        Receive(Frames.Settings());
        Events();
        Written();
    }

    public Http2Session Session { get; }

    public ArrayBufferWriter<byte> Output => _output;

    /// <summary>Whether bodies are consumed as they come.</summary>
    public bool Consumes { get; set; } = true;

    public Exception? Error { get; private set; }

    public Http2Stream Get(string method = "GET", string target = "/", HttpHeaderDict? headers = null, BodyFraming framing = default) =>
        Open(new RequestHead(method, target, "example.com", headers ?? [], framing));

    public Http2Stream Open(RequestHead head)
    {
        var stream = new Http2Stream();
        Session.Open(stream, head, _output);
        return stream;
    }

    public int Send(Http2Stream stream, string text, bool isLast)
    {
        int part = Session.BeginData(stream, text.Length, isLast, _output);
        _output.Write(Encoding.Latin1.GetBytes(text[..part]));
        return part;
    }

    public Http2Client Receive(params byte[][] frames) => Receive(0, frames);

    /// <summary>Gives bytes to the session, in pieces of this length; 0 for all at once.</summary>
    public Http2Client Receive(int piece, params byte[][] frames)
    {
        byte[] wire = Frames.Join(frames);
        for (int at = 0; at < wire.Length && Error is null;)
        {
            int length = piece == 0 ? wire.Length : Math.Min(piece, wire.Length - at);
            TakeAll(wire.AsSpan(at, length));
            at += length;
        }

        return this;
    }

    /// <summary>What was told since the last call.</summary>
    public string Events()
    {
        string all = string.Join('\n', _events);
        _events.Clear();
        _dataStream = 0;
        return all;
    }

    /// <summary>What was written since the last call.</summary>
    public string Written()
    {
        string all = string.Join('\n', Frames.Describe(_output.WrittenSpan, _decoder));
        _output.ResetWrittenCount();
        return all;
    }

    /// <summary>The connection error that this input is answered with.</summary>
    public static string Refuse(params byte[][] frames)
    {
        var client = new Http2Client();
        client.Get();
        client.Get("POST", framing: BodyFraming.Chunked);
        client.Written();
        client.Receive(frames);
        var error = Assert.IsType<Http2Exception>(client.Error);
        Assert.Equal(0, error.StreamId);
        Assert.EndsWith($"GOAWAY 0 {error.ErrorCode}", client.Written(), StringComparison.Ordinal);
        Assert.True(client.Session.IsClosing);
        Assert.Equal(0, client.Session.FreeStreams);
        Assert.Throws<InvalidOperationException>(() =>
        {
            ReadOnlySpan<byte> more = [0];
            client.Session.Receive(ref more, client.Output);
        });
        return $"{error.ErrorCode}: {error.Message}";
    }

    private void TakeAll(ReadOnlySpan<byte> input)
    {
        try
        {
            while (true)
            {
                Http2Event found = Session.Receive(ref input, _output);
                if (found.Kind is Http2EventKind.None)
                    break;
                Tell(found);
            }

            Assert.True(input.IsEmpty);
        }
        catch (ProtocolException e)
        {
            Error = e;
        }
    }

    private void Tell(Http2Event found)
    {
        int id = found.Stream?.Id ?? 0;
        string end = found.IsEnd ? " end" : "";
        if (found.Kind is Http2EventKind.Data)
        {
            TellData(found, id, end);
            return;
        }

        _dataStream = 0;
        _events.Add(found.Kind switch
        {
            Http2EventKind.Head or Http2EventKind.Informational =>
                $"{id} {found.Head.Status}{string.Concat(found.Head.Headers.Select(static h => $"|{h.Key}: {h.Value}"))}{end}",
            Http2EventKind.Trailers => $"{id} trailers {string.Join('|', (found.Trailers ?? []).Select(static h => $"{h.Key}: {h.Value}"))}{end}",
            Http2EventKind.Reset => $"{id} reset {(found.Error is Http2Exception e ? $"{e.ErrorCode}" : ((LimitExceededException)found.Error).LimitName)}",
            Http2EventKind.PingAcknowledged => $"ping {found.Ping}",
            Http2EventKind.GoAway => $"goaway {found.GoAway.LastStreamId} {found.GoAway.Code} {found.GoAway.Text}".TrimEnd(),
            Http2EventKind.Origins => $"origins {string.Join(' ', found.Origins)}".TrimEnd(),
            _ => $"{id} {found.Kind}",
        });
    }

    private void TellData(Http2Event found, int id, string end)
    {
        string text = Encoding.Latin1.GetString(found.Data);
        if (_dataStream == id && !_events[^1].EndsWith(" end", StringComparison.Ordinal))
            _events[^1] += text + end;
        else
            _events.Add($"{id} data {text}{end}");
        _dataStream = id;
        if (Consumes)
            Session.Consume(found.Stream!, found.Data.Length, _output);
    }
}
