namespace Urllib4.Policies.Auth;

/// <summary>
/// What one request says to one protection space, over all its attempts, and what it has said so far. So it ends even if the server goes
/// on asking (AU-10).
/// </summary>
/// <param name="authenticator">Who this side is there.</param>
/// <param name="method">The method of the request.</param>
/// <param name="target">Its target as it stands in the request line, of whatever form (AU-03).</param>
/// <param name="body">Its body; null for none.</param>
internal sealed class AuthHandshake(Authenticator authenticator, string method, string target, RequestBody? body = null)
{
    private string? _next;

    public string Method { get; } = method;

    public string Target { get; } = target;

    /// <summary>The name of the header whose values are given here.</summary>
    public string HeaderName => authenticator.HeaderName;

    /// <summary>The content of the request, for schemes that protect it; null when it does not lie in memory.</summary>
    public ReadOnlyMemory<byte>? Content => body is null ? ReadOnlyMemory<byte>.Empty : body.InMemory;

    /// <summary>Why the last challenge was not answered, as a sentence without its capital and full stop; null when it was.</summary>
    public string? WhyNotAnswered { get; set; }

    /// <summary>The value of the header that was sent last; null when there was none.</summary>
    public string? Sent { get; private set; }

    /// <summary>The same, when it was an answer of the Digest scheme.</summary>
    public DigestAnswer? Digest { get; private set; }

    /// <summary>How many challenges were answered; what is sent before any challenge does not count.</summary>
    public int Answers { get; private set; }

    /// <summary>The negotiation under way, if there is one.</summary>
    public Negotiation? Negotiation { get; set; }

    /// <summary>The header for the next attempt: the answer to a challenge, or what is sent unasked, or null for none.</summary>
    public string? NextHeader()
    {
        // An answer that was lost with its connection is given again; a scheme that counts has a new one.
        string? header = _next ?? authenticator.Preempt(this) ?? (Answers > 0 ? Sent : null);
        _next = null;
        return header;
    }

    /// <summary>Whether a response is a challenge, and there is an answer to it, which <see cref="NextHeader"/> gives.</summary>
    public bool TryAnswer(int status, HttpHeaderDict headers) =>
        (_next = authenticator.Answer(this, status, headers)) is not null;

    /// <inheritdoc cref="Authenticator.Confirm(AuthHandshake, HttpHeaderDict)"/>
    public bool Confirm(HttpHeaderDict headers) => authenticator.Confirm(this, headers);

    /// <summary>Notes what is sent without having been asked for.</summary>
    public string Send(string header, DigestAnswer? digest = null)
    {
        Sent = header;
        Digest = digest;
        return header;
    }

    /// <summary>Notes what a challenge is answered with.</summary>
    public string Answer(string header, DigestAnswer? digest = null)
    {
        Answers++;
        return Send(header, digest);
    }

    /// <summary>Forgets the negotiation, which holds memory of the platform.</summary>
    public void EndNegotiation()
    {
        Negotiation?.Dispose();
        Negotiation = null;
    }
}
