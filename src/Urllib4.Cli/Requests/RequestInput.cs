namespace Urllib4.Cli.Requests;

/// <summary>What a command line asks for, whoever wrote it: this program's or curl's.</summary>
internal sealed record RequestInput
{
    public required string Method { get; init; }

    public required string Url { get; init; }

    /// <summary>Lines such as <c>Name: value</c>; <c>Name:</c> takes one away and <c>Name;</c> sends one that is empty.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    public IReadOnlyList<string> Query { get; init; } = [];

    public string? Json { get; init; }

    public IReadOnlyList<string> Form { get; init; } = [];

    /// <summary>Items such as <c>name=path</c>.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Text, <c>@file</c>, or <c>-</c> or <c>@-</c> for the standard input.</summary>
    public string? Data { get; init; }

    /// <summary>The body, where it is known already.</summary>
    public RequestBody? Body { get; init; }

    public string? Proxy { get; init; }

    public string? CaCert { get; init; }

    public string? Cert { get; init; }

    public string? Key { get; init; }

    public bool Insecure { get; init; }

    public bool Http2 { get; init; }

    public int Retries { get; init; }

    public string? Timeout { get; init; }

    public string? User { get; init; }

    public bool Digest { get; init; }

    public string? Bearer { get; init; }

    public bool Netrc { get; init; }

    public bool FollowRedirects { get; init; } = true;

    public bool Decode { get; init; } = true;

    public IReadOnlyList<string> Resolve { get; init; } = [];

    public IReadOnlyList<string> ConnectTo { get; init; } = [];

    public OutputInput Output { get; init; } = new();
}

/// <summary>What becomes of the response.</summary>
internal sealed record OutputInput
{
    public string? File { get; init; }

    public bool RemoteName { get; init; }

    public bool ShowHead { get; init; }

    public bool Explain { get; init; }

    public bool Verbose { get; init; }

    public string? Har { get; init; }

    public bool HarSecrets { get; init; }

    public bool AsCurl { get; init; }

    /// <summary>Formatted and in colours; null to decide by where it goes.</summary>
    public bool? Pretty { get; init; }
}
