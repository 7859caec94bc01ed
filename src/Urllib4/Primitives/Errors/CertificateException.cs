namespace Urllib4;

/// <summary>The certificate of the other side was refused; a kind of urllib3's <c>SSLError</c>.</summary>
/// <remarks>Nothing of the request had been sent, and trying again changes nothing.</remarks>
public sealed class CertificateException : TlsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="failure">The check that failed.</param>
    /// <param name="message">Why, in one sentence; what the certificate says is added to it.</param>
    /// <param name="certificate">The certificate, or null when there was none.</param>
    /// <param name="innerException">What the caller's own check threw, if that was the reason.</param>
    public CertificateException(
        CertificateFailure failure, string message, CertificateFacts? certificate = null, Exception? innerException = null)
        : base(
            certificate is null ? message : $"{message} ({certificate})",
            innerException is null ? Initiator.Server : Initiator.Us,
            innerException)
    {
        Failure = failure;
        Certificate = certificate;
    }

    /// <summary>The check that failed.</summary>
    public CertificateFailure Failure { get; }

    /// <summary>What the certificate says, or null when the other side showed none.</summary>
    public CertificateFacts? Certificate { get; }
}
