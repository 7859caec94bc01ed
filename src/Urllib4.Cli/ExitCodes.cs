namespace Urllib4.Cli;

/// <summary>How the program ends; part of its interface, so a number never changes its meaning.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Unexpected = 1;
    public const int Usage = 2;
    public const int ClientError = 4;
    public const int ServerError = 5;
    public const int NameNotFound = 6;
    public const int NotConnected = 7;
    public const int Proxy = 8;
    public const int Tls = 10;
    public const int Timeout = 11;
    public const int Broken = 12;
    public const int Redirect = 13;
    public const int Decode = 15;
    public const int CannotRead = 20;
    public const int CannotWrite = 21;
    public const int Checksum = 22;
    public const int Interrupted = 130;
    public const int Terminated = 143;

    /// <summary>The codes and what they mean, for the help and the man page.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Success, "a response came, with a status below 400"),
        (Unexpected, "a fault of this program"),
        (Usage, "a wrong option, URL or header"),
        (ClientError, "the response has a status of 400 to 499"),
        (ServerError, "the response has a status of 500 to 599"),
        (NameNotFound, "the host has no address"),
        (NotConnected, "no connection could be made"),
        (Proxy, "the proxy failed or refused"),
        (Tls, "TLS failed, or the certificate is not trusted"),
        (Timeout, "a limit of time ran out"),
        (Broken, "the connection broke, or the response breaks the rules of HTTP"),
        (Redirect, "a redirect was not followed, because it led nowhere or too far"),
        (Decode, "the coding of the body is broken, or a limit was passed"),
        (CannotRead, "a file could not be read"),
        (CannotWrite, "the output could not be written"),
        (Checksum, "the file is not the one that was expected"),
        (Interrupted, "interrupted (Ctrl-C)"),
        (Terminated, "terminated"),
    ];

    /// <summary>The code for what a call ended in.</summary>
    public static int Of(Exception error) => error switch
    {
        CliException cli => cli.ExitCode,
        MaxRetryException { Reason: { } reason } => Of(reason),
        NameResolutionException => NameNotFound,
        ProxyException or TunnelRefusedException or ProxyTimeoutException or ProxySchemeUnknownException => Proxy,
        TlsTimeoutException or HttpTimeoutException => Timeout,
        CertificateException or TlsException => Tls,
        NewConnectionException => NotConnected,
        RedirectException => Redirect,
        DecodeException or DecodeLimitException or LimitExceededException => Decode,
        LocationParseException or LocationValueException or InvalidHeaderException or InvalidRequestException => Usage,
        HttpException => Broken,
        UnauthorizedAccessException or IOException => CannotWrite,
        OperationCanceledException => Interrupted,
        ArgumentException => Usage,
        _ => Unexpected,
    };

    /// <summary>The code for a response.</summary>
    public static int Of(int status) => status switch
    {
        >= 500 => ServerError,
        >= 400 => ClientError,
        _ => Success,
    };
}
