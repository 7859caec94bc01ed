using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Urllib4.Transport;

/// <summary>What came of a look-up: an answer that can be used, or why there is none.</summary>
/// <param name="Answer">The answer, with at least one endpoint; null for none.</param>
/// <param name="Reason">Why there is none, as a sentence without its full stop.</param>
/// <param name="Cause">What was thrown; null for nothing.</param>
/// <param name="IsGone">Whether the resolver knows that there is none: it has not failed.</param>
internal readonly record struct LookupOutcome(NameAnswer? Answer, string? Reason, Exception? Cause, bool IsGone)
{
    /// <summary>No name has so many; a packet of DNS holds 250. Whatever is dialed in turn should come to an end.</summary>
    private const int MaxAddresses = 1000;

    /// <summary>Judges an answer: nobody who dials has to look at it again.</summary>
    public static LookupOutcome Of(NameAnswer? answer)
    {
        if (answer is null)
            return Failed("the resolver gave no answer");
        if (answer.EndPoints.Count == 0)
            return new(null, "it has no address", null, IsGone: true);
        if (answer.EndPoints.Count > MaxAddresses)
        {
            return Failed(string.Create(
                CultureInfo.InvariantCulture,
                $"the resolver gave {answer.EndPoints.Count:N0} addresses, and {MaxAddresses:N0} are the most"));
        }

        foreach (IPEndPoint? endpoint in answer.EndPoints)
        {
            if (endpoint is null)
                return Failed("the resolver gave an endpoint that is null");
            if (endpoint.Port == 0)
                return Failed($"the resolver gave {endpoint}, and nobody listens at port 0");
        }

        return new(answer, null, null, IsGone: false);
    }

    /// <summary>Judges what a resolver threw.</summary>
    public static LookupOutcome Of(Exception thrown) => thrown switch
    {
        SocketException e => new(null, Words(e), e, e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData),
        NameResolutionException e => new(null, e.Reason, e.InnerException, IsGone: false),
        HttpException e => new(null, e.Sentence.TrimEnd('.'), e, IsGone: false),
        _ => new(null, thrown.Message.TrimEnd('.'), thrown, IsGone: false),
    };

    /// <summary>The error for one who asked: each gets his own, since it tells of his call.</summary>
    public NameResolutionException ToException(string host) => new(host, Reason!, Cause);

    private static LookupOutcome Failed(string reason) => new(null, reason, null, IsGone: false);

    private static string Words(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.HostNotFound => "no such host is known",
        SocketError.NoData => "it has no address",
        SocketError.TryAgain => "the resolver could not be reached",
        _ => e.Message,
    };
}
