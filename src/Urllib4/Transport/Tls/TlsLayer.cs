using System.Net.Security;

namespace Urllib4.Transport;

/// <summary>A finished TLS handshake: the engine, the record stream below it, and what was agreed on.</summary>
internal sealed class TlsLayer(SslStream stream, TlsRecordStream records, TlsConnectionInfo info)
{
    public SslStream Stream => stream;

    public TlsRecordStream Records => records;

    public TlsConnectionInfo Info => info;

    /// <summary>
    /// Lets the engine take what has arrived while the connection lay idle. True when that was its own business only (session tickets,
    /// key updates) and complete; false when it was a byte for us, an end, an error, or a record whose rest is still on the way.
    /// </summary>
    public bool HoldsNoData()
    {
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
