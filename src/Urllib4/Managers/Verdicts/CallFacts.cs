using System.Collections.Immutable;
using Urllib4.Connections;
using Urllib4.Policies;

namespace Urllib4.Managers;

/// <summary>What the judge is told of a call, before the attempt in question has changed anything.</summary>
internal readonly record struct CallFacts
{
    public required OutgoingRequest Request { get; init; }

    /// <summary>What is left of the retries.</summary>
    public required Retry Retries { get; init; }

    /// <summary>How redirects are followed; null when they are not.</summary>
    public RedirectOptions? Redirects { get; init; }

    /// <summary>Whether 300 is followed like 302.</summary>
    public bool FollowsChoices { get; init; }

    public bool HonoursIdempotencyKey { get; init; }

    /// <summary>Whether the request of this hop was already sent again at no cost.</summary>
    public bool WasReplayed { get; init; }

    /// <summary>Whether this attempt had to have a connection that nobody had used.</summary>
    public bool WantedFresh { get; init; }

    /// <summary>How many attempts there were, this one included.</summary>
    public int Attempts { get; init; }

    /// <summary>The requests that were redirected, this one not included.</summary>
    public required ImmutableList<SentRequest> Redirected { get; init; }

    /// <summary>What is left of the deadline; null when there is none.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>The wall clock, for a <c>Retry-After</c> that is a date; asked only by who has one to read.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Gives numbers in [0, 1), for the random part of pauses.</summary>
    public required Func<double> Chance { get; init; }

    /// <summary>Whether the server is known to honour the key that the request has.</summary>
    public bool HasIdempotencyKey => HonoursIdempotencyKey && Request.Headers.Contains("Idempotency-Key");
}

/// <summary>What the judge is told of an attempt that ended with a response head or a failure.</summary>
internal readonly record struct AttemptFacts
{
    /// <summary>Whether there was a connection.</summary>
    public bool HadConnection { get; init; }

    /// <summary>Whether the connection had served a request before.</summary>
    public bool IsReused { get; init; }

    /// <summary>Whether its connection could carry others at the same time.</summary>
    public bool IsStream { get; init; }

    /// <summary>How far it got.</summary>
    public SendProgress Progress { get; init; }

    /// <summary>Whether the body was opened, so that one that can be read only once is spent.</summary>
    public bool HasOpenedBody { get; init; }

    /// <summary>Body bytes that were handed to the network.</summary>
    public long BodyBytesSent { get; init; }

    /// <summary>Whether the response is a challenge to which there is an answer.</summary>
    public bool HasAnswer { get; init; }

    /// <summary>Whether the server was to prove that it knows the password, and did not.</summary>
    public bool IsUnproven { get; init; }

    /// <summary>Whether the proxy could not be used, and there is another one.</summary>
    public bool HasAnotherProxy { get; init; }

    /// <summary>The facts of an exchange as it stands; none for an attempt that never had one.</summary>
    public static AttemptFacts Of(ExchangeHandle exchange) => exchange.IsNone ? default : new()
    {
        HadConnection = true,
        IsReused = exchange.Stamp.RequestsServed > 0,
        IsStream = exchange.IsStream,
        Progress = exchange.Progress,
        HasOpenedBody = exchange.HasOpenedBody,
        BodyBytesSent = exchange.BodyBytesSent,
    };
}
