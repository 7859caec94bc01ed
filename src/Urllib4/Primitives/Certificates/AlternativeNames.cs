using System.Formats.Asn1;
using System.Text;

namespace Urllib4.Primitives;

/// <summary>
/// Walks through the subject alternative names of a certificate (RFC 5280, section 4.2.1.6) where they lie: the platform makes objects of
/// every extension first, and every handshake would pay for them.
/// </summary>
internal static class AlternativeNames
{
    private const AsnEncodingRules Rules = AsnEncodingRules.DER;

    private static readonly Asn1Tag _extensions = new(TagClass.ContextSpecific, 3, isConstructed: true);

    // The OBJECT IDENTIFIER 2.5.29.17.
    private static ReadOnlySpan<byte> Identifier => [0x06, 0x03, 0x55, 0x1D, 0x11];

    /// <summary>The names one after the other, as they are coded; nothing when the certificate has none.</summary>
    /// <exception cref="AsnContentException">The certificate, or the extension, is not DER.</exception>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> certificate)
    {
        ReadOnlySpan<byte> fields = Inside(Inside(certificate));
        while (!fields.IsEmpty)
        {
            ReadOnlySpan<byte> field = Take(ref fields);
            if (!Asn1Tag.Decode(field, out _).Equals(_extensions))
                continue;
            ReadOnlySpan<byte> extensions = Inside(Inside(field, _extensions));
            while (!extensions.IsEmpty)
            {
                ReadOnlySpan<byte> parts = Inside(Take(ref extensions));
                if (!Take(ref parts).SequenceEqual(Identifier))
                    continue;
                // Between the two may be whether it is critical.
                ReadOnlySpan<byte> value = Take(ref parts);
                if (!parts.IsEmpty)
                    value = Take(ref parts);
                if (!AsnDecoder.TryReadPrimitiveOctetString(value, Rules, out ReadOnlySpan<byte> names, out _))
                    throw new AsnContentException();
                ReadOnlySpan<byte> all = Take(ref names);
                return names.IsEmpty ? Inside(all) : throw new AsnContentException();
            }
        }

        return [];
    }

    /// <summary>The next of the names, and the number of its kind.</summary>
    /// <exception cref="AsnContentException">It is not DER, or not ASCII where it has to be.</exception>
    public static bool Next(ref ReadOnlySpan<byte> rest, out int kind, out ReadOnlySpan<byte> value)
    {
        kind = -1;
        value = default;
        if (rest.IsEmpty)
            return false;
        Asn1Tag tag = AsnDecoder.ReadEncodedValue(rest, Rules, out int start, out int length, out int consumed);
        if (tag.TagClass != TagClass.ContextSpecific)
            throw new AsnContentException();
        kind = tag.TagValue;
        value = rest.Slice(start, length);
        rest = rest[consumed..];
        // rfc822Name, dNSName, uniformResourceIdentifier; and iPAddress, which is no text, but primitive as well.
        bool isText = kind is 1 or 2 or 6;
        if ((isText || kind is 7) && tag.IsConstructed || isText && !Ascii.IsValid(value))
            throw new AsnContentException();
        return true;
    }

    private static ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> value, Asn1Tag? tag = null)
    {
        AsnDecoder.ReadSequence(value, Rules, out int start, out int length, out _, tag);
        return value.Slice(start, length);
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> values)
    {
        AsnDecoder.ReadEncodedValue(values, Rules, out _, out _, out int consumed);
        ReadOnlySpan<byte> value = values[..consumed];
        values = values[consumed..];
        return value;
    }
}
