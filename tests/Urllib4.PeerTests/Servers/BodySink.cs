using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace Urllib4.PeerTests.Servers;

/// <summary>
/// Reads bodies of any length to their end and answers their length, and in X-Body-Sha256 their hash, if the request has X-Hash. It stands
/// behind nginx, which by itself answers before the body is there or writes it to a disk.
/// </summary>
internal sealed class BodySink : IDisposable
{
    private const int BufferSize = 256 * 1024;

    private readonly WebApplication _application;

    public BodySink()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        _application = builder.Build();
        _application.Run(Drain);
        _application.Start();
    }

    public int Port => new Uri(_application.Urls.Single()).Port;

    public void Dispose() => ((IDisposable)_application).Dispose();

    private static async Task Drain(HttpContext context)
    {
        long length = 0;
        bool wantsHash = context.Request.Headers.ContainsKey("X-Hash");
        using IncrementalHash? hash = wantsHash ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0; length += read)
            hash?.AppendData(buffer, 0, read);

        ArrayPool<byte>.Shared.Return(buffer);
        if (hash is not null)
            context.Response.Headers["X-Body-Sha256"] = Convert.ToHexString(hash.GetHashAndReset());
        await context.Response.WriteAsync(length.ToString(CultureInfo.InvariantCulture));
    }
}
