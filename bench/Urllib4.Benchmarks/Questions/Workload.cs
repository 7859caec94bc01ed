using System.Text.Json.Serialization;

namespace Urllib4.Benchmarks;

/// <summary>What is done with the answer, or sent.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Deed>))]
internal enum Deed
{
    /// <summary>The status is checked, one header looked up by its name, and the body ends in an array that is the caller's own.</summary>
    Own,

    /// <summary>The body is read into one buffer again and again.</summary>
    Stream,

    /// <summary>The body goes to a file.</summary>
    Save,

    /// <summary>The request has a body from a file.</summary>
    Upload,

    /// <summary>A process is started, sends one request, and ends.</summary>
    Start,
}

/// <summary>One request: what is asked for and what becomes of it.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="Path">What is asked for.</param>
/// <param name="Deed">What becomes of the answer.</param>
internal sealed record Workload(string Name, string Path, Deed Deed = Deed.Own)
{
    public const int MegabyteLength = 1024 * 1024;

    private const int DownloadLength = 64 * MegabyteLength;

    /// <summary>The bytes of the body, as they are after decoding.</summary>
    public long Payload { get; init; } = Responder.Body.Length;

    /// <summary>How much is read at once.</summary>
    public int ReadLength { get; init; } = 256 * 1024;

    public bool IsTls { get; init; }

    /// <summary>The major version of HTTP.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What the client says it can decode.</summary>
    public string AcceptEncoding { get; init; } = "identity";

    /// <summary>Whether figures are for each gigabyte, not for each request.</summary>
    public bool IsBulk => Deed is not Deed.Own and not Deed.Start;

    /// <summary>How much of what figures are for one request makes.</summary>
    public double Units => IsBulk ? Payload / 1e9 : 1;

    /// <summary>Whether each request needs a connection of its own, since the server closes it.</summary>
    public bool IsOneShot => Path == "/once/small.json";

    public static Workload Small { get; } = new("small GET", "/small.json");

    public static Workload TlsSmall { get; } = Small with { Name = "TLS small GET", IsTls = true };

    public static Workload TlsConnect { get; } = new("new TLS connection and GET", "/once/small.json") { IsTls = true };

    public static Workload ManyHeaders { get; } = new("60 headers", "/many-headers.json");

    public static Workload TlsDownload { get; } =
        new("TLS download", "/big.bin", Deed.Stream) { IsTls = true, Payload = DownloadLength };

    public static Workload Save { get; } = new("download to a file", $"/length/{DownloadLength}", Deed.Save) { Payload = DownloadLength };

    public static Workload Gzip { get; } = Compressed("gzip");

    public static Workload Brotli { get; } = Compressed("br");

    public static Workload ColdStart { get; } = new("process start and first GET", "/small.json", Deed.Start);

    public static Workload Http2Small { get; } = Small with { Name = "h2c small GET", Version = 2 };

    public static Workload Http2TlsSmall { get; } = TlsSmall with { Name = "h2 small GET", Version = 2 };

    /// <summary>Small enough that many of them are under way on one connection.</summary>
    public static Workload Http2Download { get; } =
        new("h2c download, 1 MB", "/mb.bin", Deed.Stream) { Payload = MegabyteLength, ReadLength = 64 * 1024, Version = 2 };

    public static Workload Http2Upload { get; } =
        new("h2c upload of 1 MB from a file", "/small.json", Deed.Upload) { Payload = MegabyteLength, Version = 2 };

    public static Workload Download(int kilobytes) => new($"download, {kilobytes} KB reads", $"/length/{DownloadLength}", Deed.Stream)
    {
        Payload = DownloadLength,
        ReadLength = kilobytes * 1024,
    };

    public static Workload Chunked(int kilobytes) =>
        new($"download, {kilobytes} KB chunks", $"/chunked/{kilobytes * 1024}/{DownloadLength}", Deed.Stream) { Payload = DownloadLength };

    public static Workload Upload(int megabytes) =>
        new($"upload of {megabytes} MB from a file", "/upload", Deed.Upload) { Payload = megabytes * 1024L * 1024 };

    private static Workload Compressed(string coding) => new($"download, {coding}", $"/{coding}", Deed.Stream)
    {
        AcceptEncoding = coding,
        Payload = CompressedText.Length,
    };
}
