using Urllib4.Protocol;
using Urllib4.Protocol.Http2;

namespace Urllib4.Tests.Protocol.Http2;

/// <summary>
/// Plays the frames of a server to a session with one request: whole, byte by byte, in pieces, and with a PING behind them that must still
/// be answered. All of it has to come out alike.
/// </summary>
internal static class Http2Player
{
    public static string Play(string method, HttpLimits? limits, params byte[][] frames)
    {
        string whole = Play(0, method, limits, frames);
        foreach (int piece in new[] { 1, 2, 7, 10 })
            Assert.Equal(whole, Play(piece, method, limits, frames));
        return whole;
    }

    public static string Play(params byte[][] frames) => Play("GET", null, frames);

    private static string Play(int piece, string method, HttpLimits? limits, byte[][] frames)
    {
        var client = new Http2Client(new() { Limits = limits ?? HttpLimits.Default });
        int window = client.Session.ReceiveRoom;
        string target = method == "CONNECT" ? "example.com:443" : "/";
        Http2Stream stream = client.Get(method, target);
        client.Written();
        client.Receive(piece, frames);
        string events = client.Events();
        Assert.Null(client.Error);
        string answers = client.Written();
        client.Receive(piece, Frames.Ping(9));
        Assert.Equal("PING ack 9", client.Written());
        Assert.Equal(stream.State is StreamState.Closed ? 0 : 1, client.Session.ActiveStreams);
        Assert.InRange(client.Session.ReceiveRoom, window - (window / 2), window);
        return answers.Length == 0 ? events : $"{events} > {answers}";
    }
}
