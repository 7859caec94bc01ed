using System.Diagnostics;
using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>nghttpd with one thread and a folder of its own: HTTP/2 only, over TLS or with prior knowledge.</summary>
internal sealed class NghttpdServer : ServerProcess
{
    private const string Program = "/usr/sbin/nghttpd";

    private readonly DirectoryInfo _folder;

    private NghttpdServer(Process process, int port, DirectoryInfo folder)
        : base(process, port) => _folder = folder;

    public static bool IsInstalled => File.Exists(Program);

    /// <param name="place">Where it runs.</param>
    /// <param name="authority">Whose certificate it shows; null for no TLS.</param>
    public static NghttpdServer Start(Placement place, TestAuthority? authority)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("urllib4-bench-");
        File.WriteAllText(Path.Combine(folder.FullName, "small.json"), Responder.Body);
        File.WriteAllBytes(Path.Combine(folder.FullName, "mb.bin"), new byte[Workload.MegabyteLength]);
        int port = FreePort();
        string[] arguments =
        [
            "-a", "127.0.0.1", "-d", folder.FullName, "-m", "2000", "-w", "24", "-W", "24",
            .. authority is null ? ["--no-tls"] : Array.Empty<string>(),
            port.ToString(CultureInfo.InvariantCulture),
            .. authority is null ? [] : new[] { authority.KeyFile, authority.CertificateFile },
        ];
        var server = new NghttpdServer(PinnedProcess.Start(CoreFor(place), Program, arguments), port, folder);
        try
        {
            server.AwaitFirstConnection();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _folder.Delete(recursive: true);
    }
}
