using System.Net;
using System.Net.Security;

namespace Urllib4.Policies.Auth;

/// <summary>This side of one security context of the platform: tokens in, tokens out, until both sides are satisfied.</summary>
internal abstract class Negotiation : IDisposable
{
    /// <summary>Begins one.</summary>
    /// <param name="package"><c>Negotiate</c> or <c>NTLM</c>.</param>
    /// <param name="credential">The user; null for whoever runs the program.</param>
    /// <param name="host">The host of the other side, whose service is named by it.</param>
    public static Negotiation Start(string package, NetworkCredential? credential, string host) =>
        new OfPlatform(package, credential, host);

    /// <summary>
    /// Takes a token of the other side, empty at first, and gives the next one of this side; null when there is none to be sent.
    /// </summary>
    /// <param name="token">What came.</param>
    /// <param name="state">Whether that was the end, and a good one.</param>
    public abstract byte[]? Next(byte[] token, out NegotiationState state);

    /// <inheritdoc/>
    public abstract void Dispose();

    private sealed class OfPlatform(string package, NetworkCredential? credential, string host) : Negotiation
    {
        private readonly NegotiateAuthentication _context = new(new NegotiateAuthenticationClientOptions
        {
            Package = package,
            Credential = credential ?? CredentialCache.DefaultNetworkCredentials,
            TargetName = $"HTTP/{host}",
        });

        public override byte[]? Next(byte[] token, out NegotiationState state)
        {
            try
            {
                byte[]? next = _context.GetOutgoingBlob(token, out NegotiateAuthenticationStatusCode status);
                state = status switch
                {
                    NegotiateAuthenticationStatusCode.Completed => NegotiationState.Done,
                    NegotiateAuthenticationStatusCode.ContinueNeeded => NegotiationState.GoesOn,
                    _ => NegotiationState.Failed,
                };
                return state is NegotiationState.Failed ? null : next;
            }
            catch (Exception)
            {
                // A hostile token brings the platform to throw whatever it likes (AU-07); nothing it says afterwards counts.
                state = NegotiationState.Failed;
                return null;
            }
        }

        public override void Dispose() => _context.Dispose();
    }
}

/// <summary>How far a negotiation has come.</summary>
internal enum NegotiationState
{
    /// <summary>The other side has to answer.</summary>
    GoesOn,

    /// <summary>This side is satisfied.</summary>
    Done,

    /// <summary>It is over without success.</summary>
    Failed,
}
