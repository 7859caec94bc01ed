using System.Globalization;

namespace Urllib4.Transport;

/// <summary>
/// The alert with which the other side ended TLS (RFC 8446, section 6.2), and which option has to do with it. In TLS 1.3 alerts are
/// encrypted, so it is the platform that has read them.
/// </summary>
/// <param name="Number">Its number, as the RFC has it.</param>
internal readonly record struct TlsAlert(byte Number)
{
    /// <summary>None of the versions that were offered is spoken.</summary>
    public const byte ProtocolVersion = 70;

    private const byte HandshakeFailure = 40, BadCertificate = 42, UnsupportedCertificate = 43, CertificateRevoked = 44,
        CertificateExpired = 45, CertificateUnknown = 46, UnknownAuthority = 48, AccessDenied = 49, InsufficientSecurity = 71,
        UnrecognizedName = 112, CertificateRequired = 116, NoApplicationProtocol = 120;

    // An error of OpenSSL is 'error:' and eight hexadecimal digits; the last three are the reason, which for an alert is 1000 more than
    // that.
    private const string Mark = "error:";
    private const int Digits = 8, Reason = 0xFFF, FirstAlert = 1000;

    /// <summary>The alert that a failure of the platform tells of; null when it tells of none, or nobody can say.</summary>
    public static TlsAlert? In(Exception failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            int start = e.Message.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
            if (start < Mark.Length || e.Message.Length < start + Digits)
                continue;
            ReadOnlySpan<char> digits = e.Message.AsSpan(start, Digits);
            if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code))
                continue;
            int number = (code & Reason) - FirstAlert;
            if (number is >= 0 and <= byte.MaxValue)
                return new TlsAlert((byte)number);
        }

        return null;
    }

    /// <summary>What the alert means for options.</summary>
    /// <param name="options">The options that were in force.</param>
    /// <param name="name">What messages call them.</param>
    /// <returns>The rest of a sentence, beginning in a colon; empty when no option has to do with it.</returns>
    public string Advice(TlsOptions options, string name) => Number switch
    {
        CertificateRequired or HandshakeFailure or BadCertificate or UnsupportedCertificate or CertificateRevoked or CertificateExpired
            or CertificateUnknown or UnknownAuthority or AccessDenied when options.ClientCertificate is not null =>
            $": it does not accept the certificate of {name}.{nameof(TlsOptions.ClientCertificate)}",
        CertificateRequired => $": it wants a certificate, and {name}.{nameof(TlsOptions.ClientCertificate)} is not set",
        BadCertificate or CertificateUnknown or AccessDenied =>
            $": it may want a certificate, and {name}.{nameof(TlsOptions.ClientCertificate)} is not set",
        HandshakeFailure => $": it may want a certificate ({name}.{nameof(TlsOptions.ClientCertificate)}, which is not set), "
            + $"or speak none of the cipher suites that are offered ({name}.{nameof(TlsOptions.CipherSuites)})",
        InsufficientSecurity => $": it wants stronger cipher suites ({name}.{nameof(TlsOptions.CipherSuites)})",
        ProtocolVersion => $": it speaks none of the versions that are offered ({name}.{nameof(TlsOptions.SslMinimumVersion)} "
            + $"and {nameof(TlsOptions.SslMaximumVersion)})",
        UnrecognizedName => $": it does not know the name that it was asked for ({name}.{nameof(TlsOptions.ServerHostname)})",
        NoApplicationProtocol => $": it speaks none of the protocols that are offered ({name}.{nameof(TlsOptions.OfferAlpn)})",
        _ => "",
    };

    /// <summary>Its name and number.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Number})");

    private string Name => Number switch
    {
        10 => "unexpected_message",
        20 => "bad_record_mac",
        22 => "record_overflow",
        HandshakeFailure => "handshake_failure",
        BadCertificate => "bad_certificate",
        UnsupportedCertificate => "unsupported_certificate",
        CertificateRevoked => "certificate_revoked",
        CertificateExpired => "certificate_expired",
        CertificateUnknown => "certificate_unknown",
        47 => "illegal_parameter",
        UnknownAuthority => "unknown_ca",
        AccessDenied => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        ProtocolVersion => "protocol_version",
        InsufficientSecurity => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        100 => "no_renegotiation",
        109 => "missing_extension",
        110 => "unsupported_extension",
        UnrecognizedName => "unrecognized_name",
        113 => "bad_certificate_status_response",
        115 => "unknown_psk_identity",
        CertificateRequired => "certificate_required",
        NoApplicationProtocol => "no_application_protocol",
        _ => "unknown",
    };
}
