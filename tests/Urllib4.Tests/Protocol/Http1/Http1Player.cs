using System.Buffers;
using System.Text;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Tests.Protocol.Http1;

/// <summary>How the wire of a vector ends.</summary>
internal enum WireEnd
{
    StaysOpen,
    Clean,
    Cut,
}

/// <summary>What a session made of a vector.</summary>
internal sealed record Played
{
    public string Heads { get; init; } = "";

    public string Body { get; init; } = "";

    public string? Trailers { get; init; }

    public bool Complete { get; init; }

    public bool Switched { get; init; }

    public bool CanReuse { get; init; }

    /// <summary>Type of the error, and the option if it was a limit.</summary>
    public string? Error { get; init; }

    /// <summary>What no call consumed.</summary>
    public string Left { get; init; } = "";
}

/// <summary>
/// Plays the bytes of a server to a session: whole, byte by byte, cut at random, into small and large destinations, past the session
/// with direct reads, and with bytes behind the end. All of it has to come out alike.
/// </summary>
internal static class Http1Player
{
    public static Played Play(
        string wire,
        string method = "GET",
        WireEnd end = WireEnd.StaysOpen,
        HttpLimits? limits = null,
        (string Name, string Value)[]? headers = null,
        ResponseLeniency leniency = ResponseLeniency.None)
    {
        Session Open() => new(method, limits ?? HttpLimits.Default, headers ?? [], leniency);
        byte[] bytes = Encoding.Latin1.GetBytes(wire);
        Played whole = Open().Play([bytes], 64 * 1024, direct: false, end);
        byte[][] single = [.. bytes.Select(b => new[] { b })];
        foreach (int destination in new[] { 1, 3, 64 * 1024 })
        {
            AssertAlike(whole, Open().Play([bytes], destination, direct: false, end), $"into {destination}");
            AssertAlike(whole, Open().Play(single, destination, direct: false, end), $"byte by byte into {destination}");
            AssertAlike(whole, Open().Play(single, destination, direct: true, end), $"byte by byte and directly into {destination}");
        }

        for (int seed = 0; seed < 5; seed++)
            AssertAlike(whole, Open().Play(Cut(bytes, new Random(seed)), 7, direct: seed % 2 == 0, end), $"cut by seed {seed}");
        if (whole is { Complete: true, Left: "" } && end is WireEnd.StaysOpen)
            AssertTrailingBytesAreLeft(whole, bytes, Open);
        return whole;
    }

    /// <summary>Cuts bytes into parts of random length.</summary>
    public static byte[][] Cut(byte[] bytes, Random random)
    {
        var parts = new List<byte[]>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(bytes.Length - at, random.Next(1, 12));
            parts.Add(bytes[at..(at + length)]);
            at += length;
        }

        return [.. parts];
    }

    private static void AssertAlike(Played whole, Played other, string how)
    {
        // A byte too many is noticed by the session only if it comes together with the last one it wanted.
        Assert.True(whole with { CanReuse = other.CanReuse } == other, $"{how}:\n{other}\ninstead of\n{whole}");
        if (whole.Left.Length == 0)
            Assert.True(whole.CanReuse == other.CanReuse, $"{how}: reuse");
    }

    private static void AssertTrailingBytesAreLeft(Played whole, byte[] bytes, Func<Session> open)
    {
        const string more = "HTTP/1.1 200 OK\r\n\r\n";
        byte[] longer = [.. bytes, .. Encoding.Latin1.GetBytes(more)];
        foreach (int destination in new[] { 1, 64 * 1024 })
        {
            Played played = open().Play([longer], destination, direct: false, WireEnd.StaysOpen);
            Assert.Equal(whole with { Left = more, CanReuse = false }, played);
        }
    }

    private sealed class Session
    {
        private readonly Http1Session _session;
        private readonly StringBuilder _heads = new();
        private readonly List<byte> _body = [];
        private byte[] _buffer = [];
        private bool _final;
        private bool _switched;

        public Session(string method, HttpLimits limits, (string Name, string Value)[] headers, ResponseLeniency leniency)
        {
            _session = new Http1Session(limits, leniency);
            var fields = new HttpHeaderDict();
            foreach ((string name, string value) in headers)
                fields.Add(name, value);
            string target = method == "CONNECT" ? "example.com:443" : "/";
            _session.SendHead(new RequestHead(method, target, "example.com", fields, BodyFraming.None), new ArrayBufferWriter<byte>());
        }

        public Played Play(byte[][] parts, int destination, bool direct, WireEnd end)
        {
            string? error = null;
            try
            {
                foreach (byte[] part in parts)
                    Take(part, new byte[destination], direct);
                if (end is not WireEnd.StaysOpen)
                    _session.ReceiveEof(end is WireEnd.Clean);
            }
            catch (HttpException e)
            {
                error = e is LimitExceededException limit ? $"{limit.GetType().Name} {limit.LimitName}" : e.GetType().Name;
                Assert.False(_session.CanReuse);
                Assert.False(_session.IsResponseComplete);
            }

            return new Played
            {
                Heads = _heads.ToString(),
                Body = Encoding.Latin1.GetString([.. _body]),
                Trailers = _session.Trailers is { } trailers ? string.Join("|", trailers.Select(t => $"{t.Key}: {t.Value}")) : null,
                Complete = _session.IsResponseComplete,
                Switched = _switched,
                CanReuse = _session.CanReuse,
                Error = error,
                Left = error is null ? Encoding.Latin1.GetString(_buffer) : "",
            };
        }

        private void Take(byte[] part, byte[] destination, bool direct)
        {
            if (direct && _buffer.Length == 0 && _session.DirectBytes >= part.Length)
            {
                _body.AddRange(part);
                _session.TookDirect(part.Length);
                return;
            }

            _buffer = [.. _buffer, .. part];
            while (!_final && !_switched)
            {
                HeadResult result = _session.ReceiveHead(_buffer, out int consumed, out ResponseHead? head);
                _buffer = _buffer[consumed..];
                if (result is HeadResult.NeedMore)
                    return;
                _heads.Append(_heads.Length == 0 ? "" : " ").Append(head!.Status);
                _final = result is HeadResult.Final;
                _switched = result is HeadResult.Switching;
            }

            while (_final && !_session.IsResponseComplete)
            {
                BodyResult result = _session.ReceiveBody(_buffer, destination, out int consumed, out int written);
                _body.AddRange(destination.AsSpan(..written));
                _buffer = _buffer[consumed..];
                Assert.Equal(_body.Count, _session.BodyBytesReceived);
                if (result is BodyResult.NeedMore)
                    return;
            }
        }
    }
}
