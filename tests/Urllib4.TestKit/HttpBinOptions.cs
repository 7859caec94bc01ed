using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Urllib4.TestKit;

/// <summary>How a <see cref="HttpBinServer"/> is to be.</summary>
public sealed record HttpBinOptions
{
    /// <summary>With a certificate the server listens on a second port, with TLS.</summary>
    public IssuedCertificate? Certificate { get; init; }

    /// <summary>The protocols offered on the port with TLS.</summary>
    public HttpProtocols Protocols { get; init; } = HttpProtocols.Http1;

    /// <summary>The protocol on the plain port: one of the two.</summary>
    public HttpProtocols PlainProtocol { get; init; } = HttpProtocols.Http1;

    /// <summary>Whether clients are asked for a certificate; one that is given is accepted, whoever signed it.</summary>
    public bool AskForClientCertificate { get; init; }

    /// <summary>The value of the <c>Server</c> header; null leaves it out.</summary>
    public string? ServerHeader { get; init; } = "httpbin";
}
