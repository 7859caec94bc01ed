namespace Urllib4.Policies.Auth;

/// <summary>One side's dealings with one protection space in the course of one request, with all its attempts.</summary>
/// <param name="authenticator">Who this side is there.</param>
/// <param name="method">The method of the request.</param>
/// <param name="target">Its target as it stands in the request line.</param>
internal sealed class AuthTurn(Authenticator authenticator, string method, string target)
{
    private readonly AuthCall _call = new(method, target);
    private string? _answer;

    /// <summary>The name of the header whose values are given here.</summary>
    public string HeaderName => authenticator.HeaderName;

    /// <summary>The header for the next attempt: the answer to a challenge, or what is sent unasked, or null for none.</summary>
    public string? NextHeader()
    {
        // An answer that was lost with its connection is given again; a scheme that counts has a new one.
        string? header = _answer ?? authenticator.Preempt(_call) ?? (_call.Answers > 0 ? _call.Sent : null);
        _answer = null;
        return header;
    }

    /// <inheritdoc cref="Authenticator.Answer(AuthCall, int, HttpHeaderDict)"/>
    public bool TryAnswer(int status, HttpHeaderDict headers) =>
        (_answer = authenticator.Answer(_call, status, headers)) is not null;

    /// <inheritdoc cref="Authenticator.Confirm(AuthCall, HttpHeaderDict)"/>
    public bool Confirm(HttpHeaderDict headers) => authenticator.Confirm(_call, headers);
}
