using System.Text;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// The base of everything that can go wrong with a call, after urllib3's <c>HTTPError</c>. It says in which phase, for which URL,
/// on which connection, whose doing it was, and whether trying again may help.
/// </summary>
/// <remarks>
/// Cancellation is not an error of this tree: a cancelled call ends in <see cref="OperationCanceledException"/> with the caller's token.
/// Instances are written once, before they are thrown, and are safe to read from any thread.
/// </remarks>
public abstract class HttpException : Exception
{
    private protected HttpException(string message, HttpPhase phase, Initiator initiator, Exception? innerException)
        : base(message, innerException)
    {
        Phase = phase;
        Initiator = initiator;
    }

    /// <summary>
    /// What went wrong, in one line: the failure; in brackets the phase, the URL without user information and query, and the figures of
    /// the connection; and why the request was not sent again. A fact that is not known, or told already, is left out.
    /// </summary>
    public override string Message => Compose();

    /// <summary>The URL of the request that failed; after redirects, the hop that failed. Null when no URL was understood yet.</summary>
    public Url? Url { get; internal set; }

    /// <summary>The stage in which the call failed.</summary>
    public HttpPhase Phase { get; internal set; }

    /// <summary>Whose doing it was.</summary>
    public Initiator Initiator { get; internal set; }

    /// <summary>
    /// Whether the server may have begun to act on the request: true once a byte of it was handed to the network and nothing since
    /// proved that it was not processed. Repeat a request that is not idempotent only when this is false.
    /// </summary>
    public bool ServerMayHaveActed { get; internal set; }

    /// <summary>Whether the same call may succeed when it is tried again later, with nothing changed on this side.</summary>
    public bool IsTransient { get; internal set; }

    /// <summary>
    /// Why the request was not sent again, as a sentence without its capital and its full stop; null when the question did not come up:
    /// some failures, such as a refused certificate, stay what they are.
    /// </summary>
    public string? NotRetriedBecause { get; internal set; }

    /// <summary>
    /// How many attempts the call had made, the one that failed included: every retry, every redirect, and what is sent again at no cost.
    /// 0 when it failed before the first.
    /// </summary>
    public int Attempts { get; internal set; }

    /// <summary>
    /// What was tried and followed before at the cost of a counter of <see cref="Retry"/>, the oldest first. What was sent again at no
    /// cost is counted by <see cref="Attempts"/> only.
    /// </summary>
    public IReadOnlyList<RequestHistory> History { get; internal set; } = [];

    /// <summary>The connection the request travelled on, or null when there was none yet.</summary>
    public HttpConnectionInfo? Connection { get; internal set; }

    /// <summary>The story of the call up to this error, when the option <c>Explain</c> of the request asked for it; else null.</summary>
    public ExchangeReport? Report { get; internal set; }

    /// <summary>The failure alone, without the facts around it.</summary>
    internal string Sentence => base.Message;

    private string Compose()
    {
        if (Url is null && Connection is null && NotRetriedBecause is null)
            return Sentence;
        StringBuilder text = new StringBuilder(Sentence.TrimEnd('.')).Append(" [").Append(Phase);
        if (Url is not null && FactText.Of(Url) is var url && !Sentence.Contains(url, StringComparison.Ordinal))
            text.Append(", ").Append(url);
        if (Connection is not null)
            text.Append(", ").Append(Connection);
        text.Append(']');
        if (NotRetriedBecause is not null && !Sentence.Contains(NotRetriedBecause, StringComparison.Ordinal))
            text.Append("; ").Append(NotRetriedBecause);
        return text.Append('.').ToString();
    }
}
