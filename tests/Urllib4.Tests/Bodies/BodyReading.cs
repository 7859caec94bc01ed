using System.Text;

namespace Urllib4.Tests.Bodies;

/// <summary>Reads bodies as a sender does, in either mode.</summary>
internal static class BodyReading
{
    public static async Task<byte[]> Bytes(this RequestBody body, bool asynchronous, int bufferSize = 4096) =>
        (await body.Reads(asynchronous, bufferSize)).SelectMany(static read => read).ToArray();

    public static async Task<string> Text(this RequestBody body, bool asynchronous = false) =>
        Encoding.UTF8.GetString(await body.Bytes(asynchronous));

    /// <summary>What each read gave; the stream is disposed in the mode's way.</summary>
    public static async Task<List<byte[]>> Reads(this RequestBody body, bool asynchronous, int bufferSize = 4096)
    {
        var reads = new List<byte[]>();
        Stream stream = body.Open();
        try
        {
            var buffer = new byte[bufferSize];
            while (await Read(stream, buffer, asynchronous) is var count and > 0)
                reads.Add(buffer[..count]);
            Assert.Equal(0, await Read(stream, buffer, asynchronous));
        }
        finally
        {
            await Dispose(stream, asynchronous);
        }

        return reads;
    }

    public static async ValueTask<int> Read(Stream stream, byte[] buffer, bool asynchronous) =>
        asynchronous ? await stream.ReadAsync(buffer.AsMemory()) : stream.Read(buffer.AsSpan());

    public static async ValueTask Dispose(Stream stream, bool asynchronous)
    {
        if (asynchronous)
            await stream.DisposeAsync();
        else
            stream.Dispose();
    }
}
