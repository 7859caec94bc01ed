namespace Urllib4.TestKit;

/// <summary>The kinds of key a certificate may have here.</summary>
public enum KeyKind
{
    /// <summary>An elliptic curve key on P-256: made in no time.</summary>
    EcdsaP256,

    /// <summary>An RSA key of 2,048 bits.</summary>
    Rsa2048,

    /// <summary>An RSA key of 1,024 bits, which the security level of OpenSSL refuses.</summary>
    Rsa1024,
}
