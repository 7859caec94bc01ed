using System.Globalization;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>One attempt of a call, as <see cref="HttpEvents"/> is told of it: whose, which, why, and what is asked for.</summary>
/// <remarks>Immutable, so safe to keep and to read from any thread. All events of one attempt get the same object.</remarks>
/// <param name="CallId">A number that no other call of this process has; the attempts of one call share it.</param>
/// <param name="Number">Counts the attempts of the call, from 1.</param>
/// <param name="Cause">Why it is made.</param>
/// <param name="Method">The method.</param>
/// <param name="Url">
/// The absolute URL; its user information and its query may be secret, and <see cref="ToString"/> leaves both out.
/// </param>
public sealed record HttpAttempt(long CallId, int Number, AttemptCause Cause, string Method, Url Url)
{
    /// <summary>For example <c>call 7, attempt 2 (Retry): GET http://example.com/?***</c>.</summary>
    /// <returns>A short text without secrets.</returns>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"call {CallId}, attempt {Number} ({Cause}): {Method} {FactText.Of(Url)}");
}
