namespace Urllib4.Policies.Auth;

/// <summary>What one request has said to one protection space so far, so that it ends even if the server goes on asking (AU-10).</summary>
/// <param name="method">The method of the request.</param>
/// <param name="target">Its target as it stands in the request line, of whatever form (AU-03).</param>
internal sealed class AuthCall(string method, string target)
{
    public string Method { get; } = method;

    public string Target { get; } = target;

    /// <summary>The value of the header that was sent last; null when there was none.</summary>
    public string? Sent { get; private set; }

    /// <summary>The same, when it was an answer of the Digest scheme.</summary>
    public DigestAnswer? Digest { get; private set; }

    /// <summary>How many challenges were answered; what is sent before any challenge does not count.</summary>
    public int Answers { get; private set; }

    /// <summary>The negotiation under way, if there is one.</summary>
    public Negotiation? Negotiation { get; set; }

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
