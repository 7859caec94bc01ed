using Urllib4.Managers;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Adapters;

/// <summary>
/// What a call ended with, for a response message to be made of it at once. Nothing of the message refers to it, so one is kept for each
/// thread, and the memory of its head is filled again.
/// </summary>
internal sealed class HandlerResult
{
    // Most heads are far shorter, and one that is kept for each thread should be no burden.
    private const int LargestKept = 4 * 1024;

    [ThreadStatic]
    private static HandlerResult? _spare;

    private ResponseHead? _head;

    private HandlerResult()
    {
    }

    /// <summary>The head.</summary>
    public ResponseHead Head => _head ??= new ResponseHead();

    /// <summary>The request that was answered: the last one, after redirects.</summary>
    public OutgoingRequest Request { get; private set; }

    /// <summary>What was left of the retries, with the history of the call; null until there is an answer.</summary>
    public Retry? Retries { get; private set; }

    /// <summary>The body; null until there is an answer.</summary>
    public ResponseContent? Content { get; private set; }

    /// <summary>One that is nobody else's, to be filled.</summary>
    public static HandlerResult Take()
    {
        HandlerResult answer = _spare ?? new HandlerResult();
        _spare = null;
        return answer;
    }

    /// <summary>The answer is there.</summary>
    /// <param name="call">The call.</param>
    /// <param name="head">Its head, which is another one than was offered when the protocol is switched.</param>
    /// <param name="content">Its body.</param>
    public void Fill(in Call call, ResponseHead head, ResponseContent content)
    {
        _head = head;
        Request = call.Request;
        Retries = call.Retries;
        Content = content;
    }

    /// <summary>Gives it back when the message is made.</summary>
    public void GiveBack()
    {
        if (Head.Capacity > LargestKept)
            _head = null;
        Request = default;
        Retries = null;
        Content = null;
        _spare = this;
    }
}
