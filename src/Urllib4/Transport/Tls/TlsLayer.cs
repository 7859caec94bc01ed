using System.Net.Security;
using System.Security.Cryptography;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>A finished TLS handshake: the engine, the record stream below it, and what was agreed on.</summary>
internal sealed class TlsLayer(TlsFailures failures, SslStream stream, TlsRecordStream records, TlsConnectionInfo info)
{
    public SslStream Stream => stream;

    public TlsRecordStream Records => records;

    public TlsConnectionInfo Info => info;

    /// <inheritdoc cref="TlsFailures.AfterHandshake"/>
    public TlsException? Explain(Exception failure) => failures.AfterHandshake(failure);

    /// <summary>
    /// Sends close_notify (RFC 9112, section 9.8) if the network takes it at once; nobody waits for it, and nobody hears if it fails.
    /// </summary>
    public void SayFarewell()
    {
        try
        {
            stream.ShutdownAsync().Forget();
        }
        catch (Exception e) when (WireFailures.IsBreak(e) || e is CryptographicException or InvalidOperationException)
        {
            // The engine has failed already, and says so on the spot.
        }
    }

    /// <summary>
    /// Lets the engine take what has arrived while the connection lay idle. True when that was its own business only (session tickets,
    /// key updates) and complete; false when it was a byte for us, an end, an error, or a record whose rest is still on the way.
    /// </summary>
    public bool HoldsNoData()
    {
        // A handshake would have to wait, and cannot be left in the middle.
        if (failures.MayRenegotiate && info.Version == TlsVersion.Tls12)
            return false;
        records.NeverWaits = true;
        try
        {
            _ = stream.ReadByte();
            return false;
        }
        catch (WouldWaitException)
        {
            return !records.IsMidRecord;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            records.NeverWaits = false;
        }
    }
}
