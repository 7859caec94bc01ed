using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>What is asked for, and of whom.</summary>
internal sealed record Target(int Port)
{
    public const string Path = "/small.json";

    /// <summary>What every client sends besides Host.</summary>
    public static readonly KeyValuePair<string, string>[] Headers =
        [new("User-Agent", "bench/1.0"), new("Accept", "*/*"), new("Accept-Encoding", "identity")];

    public string Host => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public string Url => $"http://{Host}{Path}";
}

/// <summary>
/// A client under measurement. Each request ends with the status checked, one header looked up by its name and the body in an array that
/// is the caller's own.
/// </summary>
internal abstract class Contender : IDisposable
{
    public const string HeaderName = "Cache-Control";

    public abstract byte[] Get();

    public abstract ValueTask<byte[]> GetAsync();

    public abstract void Dispose();

    protected static byte[] Checked(int status, string? header, byte[] body) =>
        status == 200 && header is "max-age=60" && body.Length == Responder.Body.Length
            ? body
            : throw new InvalidDataException($"The response was {status}, '{header}', {body.Length} bytes.");
}
