using System.Text;

namespace Urllib4.TestKit;

/// <summary>What both kinds of peer make of the bytes of a client: matches them to the expecting steps of a dialogue.</summary>
internal sealed class Expectations(int connection)
{
    private ReceivedRequest? _current;

    public ByteQueue Received { get; } = new();

    /// <summary>The request whose head was read last.</summary>
    public ReceivedRequest Current => _current ?? throw new DialogueException("The dialogue uses a request before one was expected.");

    /// <summary>Tries to meet an expectation with the bytes that are there.</summary>
    /// <returns>False when more bytes are needed, or when the step expects nothing.</returns>
    public bool TryMeet(Step step, Action<ReceivedRequest> complete)
    {
        switch (step)
        {
            case Step.ExpectBytes expected:
                return TryMeet(expected.Bytes);
            case Step.ExpectHead head:
                if (RequestReader.TryReadHead(Received.Unread, out int headLength) is not { } request)
                    return false;
                Received.Consume(headLength);
                _current = request;
                request.Connection = connection;
                Check(head.Check, request);
                return true;
            case Step.ExpectBody body:
                if (!RequestReader.TryReadBody(Current, Received.Unread, out int bodyLength))
                    return false;
                Received.Consume(bodyLength);
                complete(Current);
                Check(body.Check, Current);
                return true;
            default:
                return false;
        }
    }

    private bool TryMeet(byte[] expected)
    {
        ReadOnlySpan<byte> unread = Received.Unread;
        int common = Math.Min(unread.Length, expected.Length);
        if (!unread[..common].SequenceEqual(expected.AsSpan(0, common)))
            throw new DialogueException($"Expected '{Show(expected)}', but the client sent '{Show(unread)}'.");
        if (common < expected.Length)
            return false;
        Received.Consume(common);
        return true;
    }

    private static void Check(Action<ReceivedRequest>? check, ReceivedRequest request)
    {
        try
        {
            check?.Invoke(request);
        }
        catch (Exception e)
        {
            throw new DialogueException($"A check of the request failed: {e.Message}\n{request}", e);
        }
    }

    private static string Show(ReadOnlySpan<byte> bytes) =>
        Encoding.Latin1.GetString(bytes).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
