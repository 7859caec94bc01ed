using System.Buffers.Binary;
using Urllib4.Primitives;

namespace Urllib4.Transport;

/// <summary>
/// Reads along with what a server says first, to learn whether it takes up an earlier session: the platform does not tell. Only that part
/// of the handshake is looked at which is not encrypted, and nothing depends on it but what is reported.
/// </summary>
internal sealed class ServerHelloReader
{
    // Room for a hello with the longest key shares in use (X25519MLKEM768, about 1,200 bytes) and what follows it.
    private const int Longest = 2048;

    private const int RecordHeader = 5;
    private const int MessageHeader = 4;
    private const byte ChangeCipherSpecRecord = 20, HandshakeRecord = 22, LastRecordType = 24;
    private const byte ServerHello = 2, Certificate = 11;
    private const ushort PreSharedKey = 41, SupportedVersions = 43;

    private byte[]? _seen; // there only when the answer takes more than the first piece
    private int _length;
    private bool _isDecided;
    private bool _hasBegun;

    // RFC 8446, section 4.1.3: the random value that makes a hello a request to begin again.
    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    /// <summary>Whether the session is an earlier one; null as long as that is not known.</summary>
    public bool? IsResumed { get; private set; }

    /// <summary>What came, in a form that can be shown, when it cannot be TLS; else null.</summary>
    public string? OtherProtocol { get; private set; }

    /// <summary>Looks at what came with one receive: the first bytes of all tell whether it is TLS.</summary>
    public void Begin(ReadOnlySpan<byte> received)
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        // RFC 8446, section 5.1: a record begins with its type.
        if (received[0] is < ChangeCipherSpecRecord or > LastRecordType)
            OtherProtocol = Escaping.Show(received.IndexOf((byte)'\r') is > 0 and var end ? received[..end] : received);
    }

    /// <summary>Looks at the next bytes.</summary>
    public void Observe(ReadOnlySpan<byte> received)
    {
        // An asynchronous handshake begins to read with an empty buffer, to wait for the first byte.
        if (_isDecided || received.IsEmpty)
            return;
        int taken = Math.Min(received.Length, Longest - _length);
        bool? isResumed;
        if (_length == 0 && TryDecide(received[..taken], out isResumed))
        {
            _isDecided = true;
        }
        else
        {
            _seen ??= new byte[Longest];
            received[..taken].CopyTo(_seen.AsSpan(_length));
            _length += taken;
            _isDecided = TryDecide(_seen.AsSpan(0, _length), out isResumed) || taken < received.Length;
        }

        IsResumed = isResumed;
    }

    // From the beginning each time: a handshake comes in few pieces.
    private static bool TryDecide(ReadOnlySpan<byte> records, out bool? isResumed)
    {
        isResumed = null;
        bool isOld = false;
        while (records.Length > RecordHeader)
        {
            byte type = records[0];
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(records[3..]), records.Length - RecordHeader);
            ReadOnlySpan<byte> messages = records.Slice(RecordHeader, length);
            records = records[(RecordHeader + length)..];
            if (!isOld && type == HandshakeRecord)
            {
                Hello hello = ReadHello(ref messages);
                if (hello == Hello.Incomplete)
                    return false;
                isResumed = hello == Hello.Resumes ? true : hello == Hello.BeginsAnew ? false : null;
                if (hello is not (Hello.Old or Hello.Retry))
                    return true;
                isOld = hello == Hello.Old;
                if (messages.IsEmpty)
                    continue;
            }

            // Between two hellos it means nothing (RFC 8446, appendix D.4).
            if (!isOld && type == ChangeCipherSpecRecord)
                continue;
            // In TLS 1.2 a server that takes up a session has no certificate to show.
            isResumed = type switch
            {
                _ when !isOld => null,
                ChangeCipherSpecRecord => true,
                HandshakeRecord => messages is not [Certificate, ..],
                _ => null,
            };
            return true;
        }

        return false;
    }

    private static Hello ReadHello(ref ReadOnlySpan<byte> messages)
    {
        if (messages.Length < MessageHeader)
            return Hello.Incomplete;
        if (messages[0] != ServerHello)
            return Hello.Unknown;
        int length = (messages[1] << 16) | BinaryPrimitives.ReadUInt16BigEndian(messages[2..]);
        if (messages.Length < MessageHeader + length)
            return Hello.Incomplete;
        ReadOnlySpan<byte> hello = messages.Slice(MessageHeader, length);
        messages = messages[(MessageHeader + length)..];
        return Judge(hello);
    }

    // RFC 8446, section 4.1.3: version, random, session id, cipher suite, compression, extensions.
    private static Hello Judge(ReadOnlySpan<byte> hello)
    {
        const int Random = 2, SessionId = 34;
        if (hello.Length <= SessionId)
            return Hello.Unknown;
        if (hello[Random..SessionId].SequenceEqual(RetryRandom))
            return Hello.Retry;
        int extensions = SessionId + 1 + hello[SessionId] + 3;
        ReadOnlySpan<byte> rest = hello.Length > extensions + 2 ? hello[(extensions + 2)..] : [];
        bool isNew = false, hasKey = false;
        while (rest.Length >= 4)
        {
            int end = 4 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            isNew |= BinaryPrimitives.ReadUInt16BigEndian(rest) == SupportedVersions;
            hasKey |= BinaryPrimitives.ReadUInt16BigEndian(rest) == PreSharedKey;
            rest = rest[Math.Min(end, rest.Length)..];
        }

        return !isNew ? Hello.Old : hasKey ? Hello.Resumes : Hello.BeginsAnew;
    }

    private enum Hello
    {
        Incomplete,
        Unknown,
        Retry,
        Old,
        Resumes,
        BeginsAnew,
    }
}
